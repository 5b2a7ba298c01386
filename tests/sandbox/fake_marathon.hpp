// SPDX-License-Identifier: Apache-2.0
// A Marathon of our own on loopback, over the platform whose tasks Mesos shows. Written from
// recorded answers and documentation, not from our client.
#pragma once

#include "tests/sandbox/fake_platform.hpp"
#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/mesos_master.hpp"
#include "tests/support/fake_server.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

struct FakeMarathonOptions {
    std::size_t instances = 1;
    std::string version{"1.10.26"};
    std::optional<MesosLogin> login{};  // HTTP Basic
};

/// Serves from construction to destruction. Every instance answers: the one that leads by itself,
/// the others for it. Faults and counts hold for all instances together.
class FakeMarathon {
 public:
    explicit FakeMarathon(FakePlatform& platform, FakeMarathonOptions options = {});
    FakeMarathon(const FakeMarathon&) = delete;
    FakeMarathon& operator=(const FakeMarathon&) = delete;

    /// "http://127.0.0.1:PORT"
    [[nodiscard]] std::string url(std::size_t instance = 0) const;

    [[nodiscard]] std::size_t instances() const { return servers_.size(); }

    /// nullopt: nobody leads.
    void set_leader(std::optional<std::size_t> instance);

    /// An `event` named "leader-N" makes instance N lead, "leader-none" nobody; "gone:/app" takes
    /// an app away as if it had never been.
    [[nodiscard]] FaultyHttp& http() { return http_; }

 private:
    ServedAnswer serve(std::size_t instance, const HttpRequest& request);
    ServedAnswer refuse_without_leader(const HttpRequest& request);
    void happen(std::string_view event);

    FakePlatform& platform_;
    FakeMarathonOptions options_;
    std::vector<std::string> addresses_{};
    FaultyHttp http_;
    std::vector<std::unique_ptr<FakeServer>> servers_{};  // last: they serve until they are gone
};

}  // namespace caretaker::sandbox
