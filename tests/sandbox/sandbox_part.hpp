// SPDX-License-Identifier: Apache-2.0
// One service of the sandbox, as the program sees it.
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace caretaker::sandbox {

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

/// Options that all parts share.
struct SandboxOptions {
    std::uint64_t seed = 1;
    bool live = false;  // logs grow, time passes
};

class SandboxPart {
 public:
    virtual ~SandboxPart() = default;

    /// Its key in the JSON lines.
    [[nodiscard]] virtual std::string_view name() const = 0;

    /// Binds its options; no IO. Added text for the end of --help is returned.
    virtual std::string_view describe(CLI::App& app) = 0;

    /// Throws UsageError for options that do not fit together.
    virtual void start(const SandboxOptions& options) = 0;

    /// One JSON value: how clients reach it.
    virtual void write_addresses(JsonWriter& json) const = 0;

    /// One JSON value: what it was asked so far.
    virtual void write_counts(JsonWriter& json) const = 0;

    /// In live mode, as time passes.
    virtual void advance(std::chrono::seconds duration) = 0;

    /// Answers a line of the control port in one line; nullopt: the command is not one of this
    /// part's. Called in another thread. Throws UsageError.
    virtual std::optional<std::string> command(std::string_view line) = 0;

    /// What command() takes, one line each.
    [[nodiscard]] virtual std::string_view command_help() const = 0;
};

/// The argument of a control command: "fault x" and the word "fault" give "x"; nullopt if the line
/// has another command.
std::optional<std::string_view> match_command(std::string_view line, std::string_view word);

class FakeSearch;
class PlatformOptions;

std::unique_ptr<SandboxPart> make_kafka_part();
std::unique_ptr<SandboxPart> make_statsd_part();
/// Puts its engine into `search` when it starts.
std::unique_ptr<SandboxPart> make_search_part(std::unique_ptr<FakeSearch>& search);
std::unique_ptr<SandboxPart> make_replay_part();
std::unique_ptr<SandboxPart> make_docker_part();
std::unique_ptr<SandboxPart> make_mesos_part(PlatformOptions& platform);
std::unique_ptr<SandboxPart> make_marathon_part(PlatformOptions& platform);
/// To be started behind the search part and before all others that use the platform.
std::unique_ptr<SandboxPart> make_kibana_part(PlatformOptions& platform,
                                              std::unique_ptr<FakeSearch>& search);
std::unique_ptr<SandboxPart> make_chronos_part(PlatformOptions& platform);
std::unique_ptr<SandboxPart> make_host_part(PlatformOptions& platform);

}  // namespace caretaker::sandbox
