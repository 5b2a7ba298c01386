// SPDX-License-Identifier: Apache-2.0
// A whole platform with Kibanas whose time a test moves: `caretaker kibana` in this process,
// against the sandbox's Marathon, search engine, proxy and Kibanas.
#pragma once

#include "common/base/clock.hpp"
#include "tests/sandbox/fake_marathon.hpp"
#include "tests/sandbox/fake_platform.hpp"
#include "tests/sandbox/fake_proxy.hpp"
#include "tests/sandbox/fake_search.hpp"
#include "tests/sandbox/kibana_fleet.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/temp_dir.hpp"

#include <rapidjson/document.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

struct TownOptions {
    std::size_t kibanas = 10;
    std::string search{"opensearch-2.19.3"};
    std::string marathon{"1.10.26"};
    std::string keyword_suffix{};
    std::string settings{};      // further lines of the section `kibana`
    std::string second_proxy{};  // its address; empty: there is one proxy
    std::string webhook_secret{};
    bool has_real_time = false;  // for processes of their own; then nothing moves it
};

/// What one command did.
struct TownRun {
    int code = 0;
    rapidjson::Document json{};

    /// "suspend /kibana/team-003 done" and the like.
    [[nodiscard]] std::vector<std::string> actions() const;

    /// The verdict of an app.
    [[nodiscard]] std::string verdict(const std::string& app) const;

    /// Codes of findings that stand.
    [[nodiscard]] std::vector<std::string> findings() const;
};

class KibanaTown {
 public:
    explicit KibanaTown(const TownOptions& options = {});
    ~KibanaTown();
    KibanaTown(const KibanaTown&) = delete;
    KibanaTown& operator=(const KibanaTown&) = delete;

    /// `caretaker kibana ARGUMENTS`, with the town's settings and time.
    TownRun run(std::vector<std::string> arguments);

    /// The same command for a process of its own.
    [[nodiscard]] testing::Command command(std::vector<std::string> arguments) const;

    /// Time passes everywhere; the proxy logs a line an hour.
    void pass(std::chrono::milliseconds time);

    /// Somebody opens the Kibana; what the proxy answers.
    int visit(const std::string& app);

    /// How many instances Marathon wants of the app; -1: it has no such app.
    [[nodiscard]] std::int64_t instances(const std::string& app);

    /// Kinds of the events that the webhook took, with their apps.
    [[nodiscard]] std::vector<std::string> events();

    /// What the last event that the webhook took of that kind and app names, e.g. of
    /// "kibana.notice /kibana/team-004"; empty: none came.
    [[nodiscard]] std::string deadline_of(const std::string& event);

    /// X-Caretaker-Signature of each of them; empty: it was not signed.
    [[nodiscard]] std::vector<std::string> signatures();

    /// From now on the webhook answers that.
    void set_webhook(int status);

    [[nodiscard]] FakeMarathon& marathon() { return *marathon_; }

    [[nodiscard]] FakeProxy& proxy() { return *proxy_; }

    [[nodiscard]] KibanaFleet& kibanas() { return fleet_; }

    [[nodiscard]] FakeSearch& search() { return search_; }

    [[nodiscard]] FakePlatform& platform() { return platform_; }

    [[nodiscard]] WallTime now();

    [[nodiscard]] const TempDir& home() const { return home_; }

 private:
    class PlatformClock;

    void write_settings(const TownOptions& options);
    ServedAnswer take_event(const HttpRequest& request);

    TempDir home_{};
    FakePlatform platform_;
    KibanaFleet fleet_;
    FakeSearch search_;
    std::unique_ptr<FakeMarathon> marathon_{};
    std::unique_ptr<FakeProxy> proxy_{};
    std::unique_ptr<PlatformClock> clock_{};
    std::mutex mutex_{};
    int webhook_status_ = 204;
    std::vector<std::string> events_{};
    std::map<std::string, std::string> deadlines_{};  // by event
    std::vector<std::string> signatures_{};
    FakeServer webhook_{};  // last: it serves until it is gone
};

}  // namespace caretaker::sandbox
