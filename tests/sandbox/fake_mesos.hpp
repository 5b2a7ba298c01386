// SPDX-License-Identifier: Apache-2.0
// A Mesos cluster of our own on loopback: masters, one of which leads, and agents. Written from
// answers of real masters and agents and from their documentation, not from our client.
#pragma once

#include "tests/sandbox/fake_platform.hpp"
#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/mesos_master.hpp"
#include "tests/sandbox/mesos_scheduler.hpp"
#include "tests/support/fake_server.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

struct FakeMesosOptions {
    std::size_t masters = 1;
    /// So many agents, from the first on, have endpoints of their own; the others' addresses
    /// answer nothing.
    std::size_t served_agents = 64;
    std::optional<MesosLogin> login{};
    SchedulerOptions scheduler{};
};

/// Serves from construction to destruction. Faults and counts hold for all masters together.
class FakeMesos {
 public:
    explicit FakeMesos(FakePlatform& platform, FakeMesosOptions options = {});
    FakeMesos(const FakeMesos&) = delete;
    FakeMesos& operator=(const FakeMesos&) = delete;

    /// "http://127.0.0.1:PORT" of a master.
    [[nodiscard]] std::string url(std::size_t master = 0) const;

    [[nodiscard]] std::size_t masters() const { return masters_.size(); }

    /// Of an agent that has endpoints of its own, as the first 64 have; empty where there is none.
    [[nodiscard]] std::string agent_url(std::size_t agent) const;

    /// nullopt: nobody leads.
    void set_leader(std::optional<std::size_t> master);

    /// The masters' faults. An `event` named "leader-N" makes master N lead, "leader-none" nobody,
    /// "rescind" takes all offers back, "error" and "end" end all streams with and without a word.
    [[nodiscard]] FaultyHttp& http() { return http_; }

    [[nodiscard]] FaultyHttp& agent_http() { return agent_http_; }

    [[nodiscard]] MesosScheduler& scheduler() { return scheduler_; }

 private:
    ServedAnswer serve(std::size_t master, const HttpRequest& request);
    ServedAnswer serve_scheduler(const MesosScene& scene, const HttpRequest& request);
    void happen(std::string_view event);

    FakePlatform& platform_;
    FakeMesosOptions options_;
    std::vector<std::string> addresses_{};
    FaultyHttp http_;
    FaultyHttp agent_http_{};
    MesosScheduler scheduler_;
    std::vector<std::unique_ptr<FakeServer>> agents_{};  // last: they serve until they are gone
    std::vector<std::unique_ptr<FakeServer>> masters_{};
};

}  // namespace caretaker::sandbox
