// SPDX-License-Identifier: Apache-2.0
// Faults of the sandbox's HTTP services, and the one-line form in which people and tests name them.
#pragma once

#include "common/http/http.hpp"
#include "tests/support/fake_server.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

enum class ServedFaultKind {
    status,   // answer with `code` and `body` instead
    delay,    // answer `delay` later
    half,     // close in the middle of the body
    stall,    // fall silent in the middle of the body
    drip,     // a byte of the body every 20 ms
    hang,     // read the request, never answer
    reset,    // reset the connection instead
    close,    // close the connection instead
    garbage,  // the body alone, without status line and headers
    huge,     // an answer of `mib` MiB of blanks before its body
    lost,     // do what is asked, then close without an answer
    event,    // something of the service happens just before the answer, by its `name`
};

/// A fault applies to requests where every field that is set matches. Of several matching faults
/// the latest counts; `delay` and `event` apply beside the others.
struct ServedFault {
    ServedFaultKind kind = ServedFaultKind::status;
    std::string path{"*"};  // a glob for the path with its query
    std::optional<HttpMethod> method{};
    std::string text{};  // in the body of the request, e.g. a v1 call's type
    int code = 500;
    std::string body{};
    std::string name{};
    std::chrono::milliseconds delay{0};
    std::uint32_t mib = 300;
    /// Requests that it matches but leaves alone first.
    std::uint32_t after = 0;
    /// Only so many requests that it matches; unset: all.
    std::optional<std::uint32_t> times{};
};

/// Reads "KIND" or "KIND:KEY=VALUE,KEY=VALUE…", e.g. "status:code=503,path=/slaves*,times=2". %XX
/// stands for a byte in values. Throws UsageError that names the problem and what is possible.
ServedFault parse_served_fault(std::string_view spec);

/// The form that parse_served_fault reads.
std::string format_served_fault(const ServedFault& fault);

/// The help text about fault specs, with examples.
std::string_view served_fault_help();

/// The faults that are on, and how often each has applied.
class ServedFaults {
 public:
    void add(ServedFault fault) { faults_.push_back(std::move(fault)); }

    void clear() { faults_.clear(); }

    [[nodiscard]] const std::vector<ServedFault>& all() const { return faults_; }

    /// Takes those that apply to `request`, the latest first, and counts them.
    std::vector<ServedFault> take(const HttpRequest& request);

 private:
    std::vector<ServedFault> faults_{};
};

/// `answer` as the fault spoils it. `event` leaves it alone.
ServedAnswer apply_served_fault(const ServedFault& fault, ServedAnswer answer);

/// Whether the service never gets to see a request that meets this fault.
bool is_before_service(ServedFaultKind kind);

}  // namespace caretaker::sandbox
