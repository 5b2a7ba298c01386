// SPDX-License-Identifier: Apache-2.0
// The sandbox's host: a tree of files for cleaning up.
#include "tests/sandbox/host_tree.hpp"
#include "tests/sandbox/platform_options.hpp"
#include "tests/sandbox/sandbox_part.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <filesystem>

namespace caretaker::sandbox {

namespace {

class HostPart final : public SandboxPart {
 public:
    explicit HostPart(PlatformOptions& platform) : platform_(platform) {}

    [[nodiscard]] std::string_view name() const override { return "host"; }

    std::string_view describe(CLI::App& app) override {
        app.add_option("--host-tree",
                       folder_,
                       "Fill this new directory with a host's files: old logs, strange names, "
                       "sandboxes of the first agent");
        app.add_option("--host-logs", options_.log_files, "Log files among them")
            ->capture_default_str();
        return {};
    }

    void start(const SandboxOptions& options) override {
        if (folder_.empty()) {
            return;
        }
        using namespace std::chrono;
        options_.root = std::filesystem::absolute(folder_).lexically_normal();
        options_.seed = options.seed;
        options_.now = floor<seconds>(system_clock::now());
        tree_ = platform_.platform(options).change(
            [&](PlatformState& state) { return make_host_tree(options_, state); });
    }

    void write_addresses(JsonWriter& json) const override {
        if (folder_.empty()) {
            json.Null();
            return;
        }
        json.StartObject();
        json.Key("logs");
        json.String(tree_.logs.c_str());
        json.Key("mesos_work_dir");
        json.String(tree_.work_dir.c_str());
        json.Key("entries");
        json.Uint64(tree_.entries);
        json.EndObject();
    }

    void write_counts(JsonWriter& json) const override { json.Null(); }

    void advance(std::chrono::seconds /*duration*/) override {}

    std::optional<std::string> command(std::string_view /*line*/) override { return std::nullopt; }

    [[nodiscard]] std::string_view command_help() const override { return {}; }

 private:
    PlatformOptions& platform_;
    std::string folder_;
    HostTreeOptions options_{};
    HostTree tree_{};
};

}  // namespace

std::unique_ptr<SandboxPart> make_host_part(PlatformOptions& platform) {
    return std::make_unique<HostPart>(platform);
}

}  // namespace caretaker::sandbox
