// SPDX-License-Identifier: Apache-2.0
// The sandbox's replay of recorded answers.
#include "tests/sandbox/fake_replay.hpp"
#include "tests/sandbox/sandbox_part.hpp"

#include <CLI/CLI.hpp>

namespace caretaker::sandbox {

namespace {

class ReplayPart final : public SandboxPart {
 public:
    [[nodiscard]] std::string_view name() const override { return "replay"; }

    std::string_view describe(CLI::App& app) override {
        app.add_option("--replay",
                       folder_,
                       "Serve the answers recorded in this folder: NAME.http with NAME.request or "
                       "INDEX.tsv");
        return {};
    }

    void start(const SandboxOptions& /*options*/) override {
        if (!folder_.empty()) {
            replay_ = std::make_unique<FakeReplay>(folder_);
        }
    }

    void write_addresses(JsonWriter& json) const override {
        if (!replay_) {
            json.Null();
            return;
        }
        json.StartObject();
        json.Key("url");
        json.String(replay_->url().c_str());
        json.EndObject();
    }

    void write_counts(JsonWriter& json) const override {
        if (replay_) {
            replay_->http().write_counts(json);
        } else {
            json.Null();
        }
    }

    void advance(std::chrono::seconds /*duration*/) override {}

    std::optional<std::string> command(std::string_view line) override {
        return replay_ ? replay_->http().command("replay", line) : std::nullopt;
    }

    [[nodiscard]] std::string_view command_help() const override {
        return "replay fault SPEC, … as for mesos";
    }

 private:
    std::string folder_;
    std::unique_ptr<FakeReplay> replay_;
};

}  // namespace

std::unique_ptr<SandboxPart> make_replay_part() {
    return std::make_unique<ReplayPart>();
}

}  // namespace caretaker::sandbox
