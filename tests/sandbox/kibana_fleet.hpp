// SPDX-License-Identifier: Apache-2.0
// A fleet of Kibanas: apps of Marathon, each of whose running tasks is a Kibana that answers where
// Marathon says.
#pragma once

#include "tests/sandbox/fake_kibana.hpp"
#include "tests/sandbox/fake_platform.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace caretaker::sandbox {

struct KibanaFleetOptions {
    std::uint64_t seed = 1;
    std::size_t count = 200;
};

/// Its apps are called /kibana/team-001 …, carry the label caretaker.kibana=true, and have been
/// there for a long time; every twelfth is suspended, some have labels that protect them or that
/// nobody can read. Their versions are those of all shapes of the status.
class KibanaFleet {
 public:
    /// Adds the apps to the platform; sync() opens their servers.
    KibanaFleet(FakePlatform& platform, KibanaFleetOptions options);
    KibanaFleet(const KibanaFleet&) = delete;
    KibanaFleet& operator=(const KibanaFleet&) = delete;

    /// Opens a Kibana for each task that runs and closes those whose task is gone, as Marathon does
    /// with containers. Agents must be called by their addresses.
    void sync();

    /// Ids of the apps, in order.
    [[nodiscard]] const std::vector<std::string>& apps() const { return apps_; }

    /// Changes what the Kibanas of an app say.
    void change(const std::string& app, const std::function<void(KibanaState&)>& change);

    /// Kibanas that answer.
    [[nodiscard]] std::size_t running();

    /// The version that the app's Kibana has.
    [[nodiscard]] static KibanaVersion version_of(std::size_t place);

 private:
    std::unique_ptr<FakeKibana> open(const FakeTask& task,
                                     const FakeAgent& agent,
                                     std::size_t place);

    FakePlatform& platform_;
    std::vector<std::string> apps_{};
    std::mutex mutex_{};
    std::map<std::string, std::unique_ptr<FakeKibana>> kibanas_{};  // by task
};

}  // namespace caretaker::sandbox
