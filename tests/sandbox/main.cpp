// SPDX-License-Identifier: Apache-2.0
// caretaker-sandbox: the platform in one process on loopback.
#include "common/base/error.hpp"
#include "tests/sandbox/control_port.hpp"
#include "tests/sandbox/fake_search.hpp"
#include "tests/sandbox/platform_options.hpp"
#include "tests/sandbox/sandbox_part.hpp"
#include "tests/sandbox/sandbox_signals.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <system_error>
#include <vector>

namespace caretaker::sandbox {

namespace {

using Parts = std::vector<std::unique_ptr<SandboxPart>>;

Parts make_parts(PlatformOptions& platform, std::unique_ptr<FakeSearch>& search) {
    Parts parts;
    parts.push_back(make_kafka_part());
    parts.push_back(make_statsd_part());
    parts.push_back(make_search_part(search));
    parts.push_back(make_kibana_part(platform, search));
    parts.push_back(make_mesos_part(platform));
    parts.push_back(make_marathon_part(platform));
    parts.push_back(make_chronos_part(platform));
    parts.push_back(make_host_part(platform));
    parts.push_back(make_docker_part());
    parts.push_back(make_replay_part());
    return parts;
}

std::string format_counts(const Parts& parts) {
    rapidjson::StringBuffer buffer;
    JsonWriter json(buffer);
    json.StartObject();
    for (const auto& part : parts) {
        json.Key(std::string(part->name()).c_str());
        part->write_counts(json);
    }
    json.EndObject();
    return buffer.GetString();
}

std::string format_addresses(const Parts& parts, const ControlPort& control) {
    rapidjson::StringBuffer buffer;
    JsonWriter json(buffer);
    json.StartObject();
    for (const auto& part : parts) {
        json.Key(std::string(part->name()).c_str());
        part->write_addresses(json);
    }
    json.Key("control");
    json.String(control.address().c_str());
    json.Key("pid");
    json.Int64(getpid());
    json.EndObject();
    return buffer.GetString();
}

void print_line(std::string_view line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

std::string format_command_help(const Parts& parts) {
    std::string help = "counts; help; quit";
    for (const auto& part : parts) {
        if (!part->command_help().empty()) {
            help += fmt::format("; {}", part->command_help());
        }
    }
    return help;
}

std::string answer_command(const Parts& parts, std::string_view line) {
    if (line == "counts") {
        return format_counts(parts);
    }
    if (line == "help") {
        return format_command_help(parts);
    }
    if (line == "quit") {
        request_sandbox_stop();
        return "ok";
    }
    for (const auto& part : parts) {
        if (auto answer = part->command(line)) {
            return *answer;
        }
    }
    throw UsageError(fmt::format("there is no command '{}'", line));
}

void run(const Parts& parts, const SandboxOptions& options, std::chrono::seconds duration) {
    const SandboxSignals signals;
    for (const auto& part : parts) {
        part->start(options);
    }
    const ControlPort control([&](std::string_view line) { return answer_command(parts, line); });
    print_line(format_addresses(parts, control));
    const auto start = std::chrono::steady_clock::now();
    for (std::chrono::seconds passed{0}; duration.count() == 0 || passed < duration; ++passed) {
        for (;;) {
            const auto event = signals.wait_until(start + passed + std::chrono::seconds(1));
            if (event == SandboxEvent::stop) {
                return;
            }
            if (event == SandboxEvent::time) {
                break;
            }
            print_line(format_counts(parts));
        }
        for (const auto& part : parts) {
            if (options.live) {
                part->advance(std::chrono::seconds(1));
            }
        }
    }
}

}  // namespace

}  // namespace caretaker::sandbox

int main(int argc, char** argv) {
    using namespace caretaker;
    using namespace caretaker::sandbox;
    CLI::App app(
        "A log platform in one process on loopback, for trying jobs and for tests.\n"
        "Prints one JSON line with the addresses, then serves until SIGTERM or SIGINT.\n"
        "SIGUSR1 prints what was asked so far.");
    SandboxOptions options;
    int seconds = 0;
    app.add_option("--seed", options.seed, "Of the demo's numbers")->capture_default_str();
    app.add_flag("--live", options.live, "Logs grow while the sandbox runs");
    app.add_option("--for", seconds, "End by itself after so many seconds")
        ->check(CLI::PositiveNumber);
    PlatformOptions platform;  // these before the parts, which refer to them until they are gone
    std::unique_ptr<FakeSearch> search;
    const auto parts = make_parts(platform, search);
    std::string footer;
    for (const auto& part : parts) {
        footer += part->describe(app);
    }
    app.footer(fmt::format("{}\nCONTROL PORT\n  A line in, a line out, e.g. with nc: {}",
                           footer,
                           format_command_help(parts)));
    try {
        app.parse(argc, argv);
        run(parts, options, std::chrono::seconds(seconds));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const Error& error) {
        fmt::print(stderr, "caretaker-sandbox: {}\n", error.what());
        return static_cast<int>(error.exit_code());
    } catch (const std::system_error& error) {
        fmt::print(stderr, "caretaker-sandbox: {}\n", error.what());
        return 1;
    }
    return 0;
}
