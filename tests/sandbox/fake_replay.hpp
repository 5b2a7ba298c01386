// SPDX-License-Identifier: Apache-2.0
// A service that answers what was recorded, byte for byte.
#pragma once

#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/replay_folder.hpp"
#include "tests/support/fake_server.hpp"

#include <filesystem>
#include <mutex>
#include <string>

namespace caretaker::sandbox {

/// Serves from construction to destruction. What was not recorded gets a 404. Each answer ends its
/// connection, since a recorded one may say nothing of its length.
class FakeReplay {
 public:
    explicit FakeReplay(const std::filesystem::path& folder);
    FakeReplay(const FakeReplay&) = delete;
    FakeReplay& operator=(const FakeReplay&) = delete;

    [[nodiscard]] std::string url() const { return server_.url(""); }

    [[nodiscard]] FaultyHttp& http() { return http_; }

 private:
    ServedAnswer serve(const HttpRequest& request);

    std::mutex mutex_{};
    Replay replay_;
    FaultyHttp http_{};
    FakeServer server_{};  // last: it serves until it is gone
};

}  // namespace caretaker::sandbox
