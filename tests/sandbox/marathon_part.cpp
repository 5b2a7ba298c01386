// SPDX-License-Identifier: Apache-2.0
// The sandbox's Marathon: command line and control commands.
#include "common/base/error.hpp"
#include "tests/sandbox/fake_marathon.hpp"
#include "tests/sandbox/platform_options.hpp"
#include "tests/sandbox/sandbox_part.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>

namespace caretaker::sandbox {

namespace {

class MarathonPart final : public SandboxPart {
 public:
    explicit MarathonPart(PlatformOptions& platform) : platform_(platform) {}

    [[nodiscard]] std::string_view name() const override { return "marathon"; }

    std::string_view describe(CLI::App& app) override {
        app.add_option("--marathon-instances", options_.instances, "Instances of Marathon")
            ->check(CLI::Range(1, 9))
            ->capture_default_str();
        app.add_option(
               "--marathon-version", options_.version, "What Marathon is: 0.8.0, 1.4.0, 1.10.26, …")
            ->capture_default_str();
        app.add_option("--task-start-ms", start_ms_, "How long a task takes to start")
            ->capture_default_str();
        app.add_option("--task-end-ms", end_ms_, "How long a task takes to end")
            ->capture_default_str();
        app.add_option("--marathon-fault",
                       faults_,
                       "A fault of Marathon, repeatable; see FAULTS OF HTTP SERVICES")
            ->allow_extra_args(false);
        return {};
    }

    void start(const SandboxOptions& options) override {
        FakePlatform& platform = platform_.platform(options);
        platform.change([&](PlatformState& state) {
            state.marathon.pace = {.staging_ms = start_ms_, .killing_ms = end_ms_};
            return 0;
        });
        marathon_ = std::make_unique<FakeMarathon>(platform, options_);
        for (const std::string& spec : faults_) {
            marathon_->http().set_fault(spec);
        }
        running_ = &platform;
    }

    void write_addresses(JsonWriter& json) const override {
        json.StartObject();
        json.Key("url");
        json.String(marathon_->url().c_str());
        json.Key("instances");
        json.StartArray();
        for (std::size_t i = 0; i < marathon_->instances(); ++i) {
            json.String(marathon_->url(i).c_str());
        }
        json.EndArray();
        json.EndObject();
    }

    void write_counts(JsonWriter& json) const override { marathon_->http().write_counts(json); }

    void advance(std::chrono::seconds /*duration*/) override {}

    std::optional<std::string> command(std::string_view line) override {
        if (auto answer = marathon_->http().command("marathon", line)) {
            return answer;
        }
        if (const auto seconds = match_command(line, "marathon advance")) {
            std::int64_t number = 0;
            const auto [end, error] =
                std::from_chars(seconds->data(), seconds->data() + seconds->size(), number);
            if (error != std::errc{} || end != seconds->data() + seconds->size() || number < 0) {
                throw UsageError(
                    fmt::format("'marathon advance' takes whole seconds, not '{}'", *seconds));
            }
            running_->advance(std::chrono::seconds(number));
            return "ok";
        }
        return std::nullopt;
    }

    [[nodiscard]] std::string_view command_help() const override {
        return "marathon advance SECONDS; marathon fault SPEC, … as for mesos";
    }

 private:
    PlatformOptions& platform_;
    FakeMarathonOptions options_{.instances = 2};
    std::int64_t start_ms_ = FakePace().staging_ms;
    std::int64_t end_ms_ = FakePace().killing_ms;
    std::vector<std::string> faults_;
    std::unique_ptr<FakeMarathon> marathon_;
    FakePlatform* running_ = nullptr;
};

}  // namespace

std::unique_ptr<SandboxPart> make_marathon_part(PlatformOptions& platform) {
    return std::make_unique<MarathonPart>(platform);
}

}  // namespace caretaker::sandbox
