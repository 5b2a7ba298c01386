// SPDX-License-Identifier: Apache-2.0
// The sandbox's Kibanas with the proxy in front of them: command line.
#include "common/base/stop_signal.hpp"
#include "tests/sandbox/access_log.hpp"
#include "tests/sandbox/fake_proxy.hpp"
#include "tests/sandbox/kibana_fleet.hpp"
#include "tests/sandbox/platform_options.hpp"
#include "tests/sandbox/sandbox_part.hpp"

#include <CLI/CLI.hpp>

#include <poll.h>

#include <array>
#include <csignal>
#include <thread>

namespace caretaker::sandbox {

namespace {

class KibanaPart final : public SandboxPart {
 public:
    KibanaPart(PlatformOptions& platform, std::unique_ptr<FakeSearch>& search)
        : platform_(platform), search_(search) {}

    ~KibanaPart() override {
        stop_.request(SIGTERM);
        if (follower_.joinable()) {
            follower_.join();
        }
    }

    [[nodiscard]] std::string_view name() const override { return "kibana"; }

    std::string_view describe(CLI::App& app) override {
        app.add_option("--kibanas",
                       fleet_options_.count,
                       "Apps of Marathon that are Kibanas, with a proxy and its access log; agents "
                       "are called by addresses then")
            ->capture_default_str();
        app.add_option("--access-log-days", log_options_.days, "How far back the access log goes")
            ->capture_default_str();
        app.add_option("--access-log-suffix",
                       log_options_.keyword_suffix,
                       "Of its keyword fields: .keyword, .raw; else mapped as keyword");
        return {};
    }

    void start(const SandboxOptions& options) override {
        if (fleet_options_.count == 0) {
            return;
        }
        platform_.need_addresses();
        FakePlatform& platform = platform_.platform(options);
        fleet_options_.seed = log_options_.seed = options.seed;
        fleet_ = std::make_unique<KibanaFleet>(platform, fleet_options_);
        log_options_.apps = fleet_->apps();
        search_->with_state([&](SearchState& state) {
            fill_access_log(state, log_options_);
            return 0;
        });
        proxy_ = std::make_unique<FakeProxy>(platform, *search_);
        fleet_->sync();
        follower_ = std::thread([this, &platform] { follow(platform); });
    }

    void write_addresses(JsonWriter& json) const override {
        if (!fleet_) {
            json.Null();
            return;
        }
        json.StartObject();
        json.Key("kibanas");
        json.Uint64(fleet_->running());
        json.Key("proxy");
        json.String(proxy_->url().c_str());
        json.Key("access_log");
        json.String((log_options_.index_prefix + "*").c_str());
        json.EndObject();
    }

    void write_counts(JsonWriter& json) const override {
        if (proxy_) {
            proxy_->http().write_counts(json);
        } else {
            json.Null();
        }
    }

    void advance(std::chrono::seconds /*duration*/) override {}

    std::optional<std::string> command(std::string_view line) override {
        if (!proxy_) {
            return std::nullopt;
        }
        if (match_command(line, "proxy restart")) {
            proxy_->restart();
            return "ok";
        }
        return proxy_->http().command("proxy", line);
    }

    [[nodiscard]] std::string_view command_help() const override {
        return "proxy restart; proxy fault SPEC, … as for mesos";
    }

 private:
    /// Kibanas come and go as their tasks do.
    void follow(FakePlatform& platform) {
        WakeUpList::Entry waiter(platform.waiters());
        while (!stop_.requested()) {
            waiter.wake_up().clear();
            fleet_->sync();
            std::array<pollfd, 2> entries{pollfd{waiter.wake_up().fd(), POLLIN, 0},
                                          pollfd{stop_.wait_fd(), POLLIN, 0}};
            constexpr int step_ms = 1'000;  // tasks also start when nobody asks
            ::poll(entries.data(), entries.size(), step_ms);
        }
    }

    PlatformOptions& platform_;
    std::unique_ptr<FakeSearch>& search_;
    KibanaFleetOptions fleet_options_{.count = 0};
    AccessLogOptions log_options_{};
    std::unique_ptr<KibanaFleet> fleet_;
    std::unique_ptr<FakeProxy> proxy_;
    StopSignal stop_{};
    std::thread follower_{};
};

}  // namespace

std::unique_ptr<SandboxPart> make_kibana_part(PlatformOptions& platform,
                                              std::unique_ptr<FakeSearch>& search) {
    return std::make_unique<KibanaPart>(platform, search);
}

}  // namespace caretaker::sandbox
