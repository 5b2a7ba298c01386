// SPDX-License-Identifier: Apache-2.0
// A fake search engine whose answers a test can replace.
#pragma once

#include "tests/sandbox/search_state.hpp"
#include "tests/support/fake_server.hpp"

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker::sandbox {

class InterferedSearch {
 public:
    using Interference =
        std::function<std::optional<ServedAnswer>(SearchState& state, const HttpRequest& request)>;

    /// Throws std::runtime_error for what is no version.
    explicit InterferedSearch(std::string_view version = "opensearch-2.19.3");

    /// To be looked at and changed while no request is under way.
    [[nodiscard]] SearchState& state() { return state_; }

    /// Calls `change` with the state, while no request is answered.
    template <typename Change>
    auto with_state(Change change) {
        const std::lock_guard lock(mutex_);
        return change(state_);
    }

    /// Called before each answer, which it can replace.
    void interfere(Interference interference);

    /// Answers as the engine does again.
    void leave_alone() { interfere({}); }

    [[nodiscard]] std::string url() const { return server_.url(""); }

    /// How many requests of that method were served so far.
    [[nodiscard]] std::size_t count(HttpMethod method) const;

    [[nodiscard]] FakeServer& server() { return server_; }

 private:
    ServedAnswer answer(const HttpRequest& request);

    std::mutex mutex_{};
    SearchState state_{};
    Interference interference_{};
    FakeServer server_{};  // last: its threads use the others
};

}  // namespace caretaker::sandbox
