// SPDX-License-Identifier: Apache-2.0
// An HTTP service of the sandbox: what it answers, spoilt by faults, counted.
#pragma once

#include "tests/sandbox/sandbox_part.hpp"
#include "tests/sandbox/served_fault.hpp"
#include "tests/support/fake_server.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// The faults and counts of a service that may listen at several places. Safe to use from any
/// thread.
class FaultyHttp {
 public:
    using Handler = std::function<ServedAnswer(const HttpRequest&)>;

    /// `on_event` is called with the name of an `event` fault, before the handler.
    explicit FaultyHttp(std::function<void(std::string_view)> on_event = {});

    /// What `handler` answers, with a Date header and the faults that apply.
    ServedAnswer answer(const HttpRequest& request, const Handler& handler);

    void set_fault(ServedFault fault);
    /// As parse_served_fault reads it.
    void set_fault(std::string_view spec);
    void clear_faults();
    [[nodiscard]] std::vector<ServedFault> faults() const;

    /// Requests by method and path without its query, e.g. "GET /slaves".
    [[nodiscard]] std::map<std::string, std::uint64_t> request_counts() const;
    [[nodiscard]] std::uint64_t requests() const;
    void reset_counts();

    /// {"GET /slaves": 2, …}
    void write_counts(JsonWriter& json) const;

    /// Answers "SERVICE fault SPEC", "SERVICE faults", "SERVICE clear", "SERVICE reset-counts" and
    /// "SERVICE counts"; nullopt for other lines.
    std::optional<std::string> command(std::string_view service, std::string_view line);

 private:
    std::function<void(std::string_view)> on_event_;
    mutable std::mutex mutex_{};
    ServedFaults faults_{};
    std::map<std::string, std::uint64_t> counts_{};
};

/// Answers with status 404 and so on: a text alone.
ServedAnswer text_answer(int status, std::string body);

ServedAnswer json_answer(std::string body, int status = 200);

}  // namespace caretaker::sandbox
