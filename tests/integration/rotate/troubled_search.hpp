// SPDX-License-Identifier: Apache-2.0
// A fake search engine that a test can interfere with, and `caretaker rotate` run against it.
#pragma once

#include "tests/sandbox/search_handlers.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"
#include "tests/support/rotation.hpp"
#include "tests/support/temp_dir.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::testing {

class TroubledSearch {
 public:
    using Interference = std::function<std::optional<ServedAnswer>(sandbox::SearchState& state,
                                                                   const HttpRequest& request)>;

    explicit TroubledSearch(std::string_view version = "opensearch-2.19.3");

    [[nodiscard]] sandbox::SearchState& state() { return state_; }

    /// Called before each answer, which it can replace.
    void interfere(Interference interference);

    /// Runs the action file with `options`, `--yes` by default.
    Rotation rotate(const std::string& actions, std::vector<std::string> options = {"--yes"});

    /// Begins the same.
    ChildProcess start(const std::string& actions, std::vector<std::string> options = {"--yes"});

    /// Sets an environment variable of the runs to come.
    void set_variable(const std::string& name, const std::string& value);

    /// "127.0.0.1:<port>".
    [[nodiscard]] std::string address() const;

    /// How many requests of that method were served so far.
    [[nodiscard]] std::size_t count(HttpMethod method) const;

    [[nodiscard]] FakeServer& server() { return server_; }

    [[nodiscard]] std::size_t count() const { return server_.requests().size(); }

 private:
    [[nodiscard]] RotationPlace place() const;
    ServedAnswer answer(const HttpRequest& request);

    TempDir home_{};
    std::map<std::string, std::string> variables_{};
    std::mutex mutex_{};
    sandbox::SearchState state_{};
    Interference interference_{};
    FakeServer server_{};
};

}  // namespace caretaker::testing
