// SPDX-License-Identifier: Apache-2.0
// A fake Elasticsearch or OpenSearch: the requests that upkeep makes, on indices that they change.
// Written from answers of real servers and from their documentation, not from our client.
#pragma once

#include "tests/sandbox/search_state.hpp"
#include "tests/support/fake_server.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace caretaker::sandbox {

class FakeSearch {
 public:
    explicit FakeSearch(SearchVersion version);

    /// "http://127.0.0.1:<port>".
    [[nodiscard]] std::string url() const;

    /// Calls `change` with the state, while no request is answered.
    template <typename Change>
    auto with_state(Change change) {
        const std::lock_guard lock(mutex_);
        return change(state_);
    }

    /// Requests by method, e.g. "GET": 5.
    [[nodiscard]] std::map<std::string, std::uint64_t> request_counts() const;

    /// When the first request came since the last call of begin_anew(); none came: unset.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> first_request_at() const;

    /// Forgets the requests so far.
    void begin_anew();

 private:
    ServedAnswer answer(const HttpRequest& request);

    mutable std::mutex mutex_{};
    SearchState state_{};
    std::map<std::string, std::uint64_t> counts_{};
    std::optional<std::chrono::steady_clock::time_point> first_request_at_{};
    std::unique_ptr<FakeServer> server_{};  // last: its threads use the others
};

}  // namespace caretaker::sandbox
