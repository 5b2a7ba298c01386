// SPDX-License-Identifier: Apache-2.0
// The sandbox's Chronos: command line and control commands.
#include "common/base/error.hpp"
#include "tests/sandbox/fake_chronos.hpp"
#include "tests/sandbox/platform_options.hpp"
#include "tests/sandbox/sandbox_part.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace caretaker::sandbox {

namespace {

class ChronosPart final : public SandboxPart {
 public:
    explicit ChronosPart(PlatformOptions& platform) : platform_(platform) {}

    [[nodiscard]] std::string_view name() const override { return "chronos"; }

    std::string_view describe(CLI::App& app) override {
        app.add_option("--chronos-version", version_, "What Chronos is: 2.4.0, 2.5.0, 3.0.2, …")
            ->capture_default_str();
        app.add_option("--chronos-fault",
                       faults_,
                       "A fault of Chronos, repeatable; see FAULTS OF HTTP SERVICES")
            ->allow_extra_args(false);
        return {};
    }

    void start(const SandboxOptions& options) override {
        const auto version = parse_chronos_version(version_);
        if (!version) {
            throw UsageError(fmt::format("--chronos-version: '{}' is none; write 3.0.2", version_));
        }
        chronos_ = std::make_unique<FakeChronos>(platform_.platform(options), *version);
        chronos_->with_state([](ChronosState& state) {
            fill_demo_jobs(state);
            return 0;
        });
        for (const std::string& spec : faults_) {
            chronos_->http().set_fault(spec);
        }
    }

    void write_addresses(JsonWriter& json) const override {
        json.StartObject();
        json.Key("url");
        json.String(chronos_->url().c_str());
        json.EndObject();
    }

    void write_counts(JsonWriter& json) const override { chronos_->http().write_counts(json); }

    void advance(std::chrono::seconds /*duration*/) override {}

    std::optional<std::string> command(std::string_view line) override {
        return chronos_->http().command("chronos", line);
    }

    [[nodiscard]] std::string_view command_help() const override {
        return "chronos fault SPEC, … as for mesos";
    }

 private:
    PlatformOptions& platform_;
    std::string version_{"3.0.2"};
    std::vector<std::string> faults_;
    std::unique_ptr<FakeChronos> chronos_;
};

}  // namespace

std::unique_ptr<SandboxPart> make_chronos_part(PlatformOptions& platform) {
    return std::make_unique<ChronosPart>(platform);
}

}  // namespace caretaker::sandbox
