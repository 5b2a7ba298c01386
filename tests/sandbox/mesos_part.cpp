// SPDX-License-Identifier: Apache-2.0
// The sandbox's Mesos: command line and control commands.
#include "common/base/error.hpp"
#include "tests/sandbox/fake_mesos.hpp"
#include "tests/sandbox/platform_options.hpp"
#include "tests/sandbox/sandbox_part.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>

namespace caretaker::sandbox {

namespace {

class MesosPart final : public SandboxPart {
 public:
    explicit MesosPart(PlatformOptions& platform) : platform_(platform) {}

    [[nodiscard]] std::string_view name() const override { return "mesos"; }

    std::string_view describe(CLI::App& app) override {
        platform_.describe(app);
        app.add_option("--mesos-masters", options_.masters, "Mesos masters; the first one leads")
            ->check(CLI::Range(1, 9))
            ->capture_default_str();
        app.add_option("--mesos-stream-chunk",
                       options_.scheduler.chunk_bytes,
                       "Send events of the scheduler API in chunks of so many bytes; 0: one each")
            ->capture_default_str();
        app.add_option("--mesos-login", login_, "Demand HTTP Basic of Mesos: USER:PASSWORD");
        app.add_option("--mesos-fault",
                       faults_,
                       "A fault of the masters, repeatable; see FAULTS OF HTTP SERVICES")
            ->allow_extra_args(false);
        return served_fault_help();
    }

    void start(const SandboxOptions& options) override {
        if (!login_.empty()) {
            const auto colon = login_.find(':');
            if (colon == std::string::npos) {
                throw UsageError("reading --mesos-login: write USER:PASSWORD");
            }
            options_.login = MesosLogin{login_.substr(0, colon), login_.substr(colon + 1)};
        }
        mesos_ = std::make_unique<FakeMesos>(platform_.platform(options), options_);
        for (const std::string& spec : faults_) {
            mesos_->http().set_fault(spec);
        }
    }

    void write_addresses(JsonWriter& json) const override {
        json.StartObject();
        json.Key("url");
        json.String(mesos_->url().c_str());
        json.Key("masters");
        json.StartArray();
        for (std::size_t i = 0; i < mesos_->masters(); ++i) {
            json.String(mesos_->url(i).c_str());
        }
        json.EndArray();
        json.Key("agent");
        json.String(mesos_->agent_url(0).c_str());
        json.EndObject();
    }

    void write_counts(JsonWriter& json) const override { mesos_->http().write_counts(json); }

    void advance(std::chrono::seconds /*duration*/) override {}

    std::optional<std::string> command(std::string_view line) override {
        if (auto answer = mesos_->http().command("mesos", line)) {
            return answer;
        }
        if (auto answer = mesos_->agent_http().command("agent", line)) {
            return answer;
        }
        if (const auto leader = match_command(line, "mesos leader")) {
            set_leader(*leader);
            return "ok";
        }
        if (match_command(line, "mesos rescind")) {
            mesos_->scheduler().rescind_offers();
            return "ok";
        }
        return std::nullopt;
    }

    [[nodiscard]] std::string_view command_help() const override {
        return "mesos leader N|none; mesos rescind; mesos fault SPEC; mesos faults; mesos clear; "
               "mesos counts; "
               "mesos reset-counts; agent fault SPEC, …";
    }

 private:
    void set_leader(std::string_view text) {
        std::size_t master = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), master);
        const bool is_number = error == std::errc{} && end == text.data() + text.size();
        if (text != "none" && (!is_number || master >= mesos_->masters())) {
            throw UsageError(fmt::format("'mesos leader' takes none or a number below {}, not '{}'",
                                         mesos_->masters(),
                                         text));
        }
        mesos_->set_leader(is_number ? std::optional(master) : std::nullopt);
    }

    PlatformOptions& platform_;
    FakeMesosOptions options_{.masters = 2};
    std::string login_;
    std::vector<std::string> faults_;
    std::unique_ptr<FakeMesos> mesos_;
};

}  // namespace

std::unique_ptr<SandboxPart> make_mesos_part(PlatformOptions& platform) {
    return std::make_unique<MesosPart>(platform);
}

}  // namespace caretaker::sandbox
