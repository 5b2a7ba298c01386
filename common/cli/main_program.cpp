// SPDX-License-Identifier: Apache-2.0
#include "common/cli/main_program.hpp"

#include "common/base/clock.hpp"
#include "common/base/standard_input.hpp"
#include "common/base/standard_streams.hpp"
#include "common/base/status_line.hpp"
#include "common/base/stop_signal.hpp"
#include "common/cli/program.hpp"
#include "common/cli/terminal_question.hpp"
#include "common/http/curl_http.hpp"
#include "common/kafka/connection_closer.hpp"
#include "common/kafka/rdkafka_client.hpp"
#include "common/output/console.hpp"

#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

namespace {

EnvironmentMap read_environment() {
    EnvironmentMap variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos) {
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return variables;
}

}  // namespace

int run_main(std::span<const JobEntry> registry,
             std::span<const ValueRule> rules,
             int argc,
             char** argv) {
    occupy_closed_standard_streams();
    StopSignal stop;
    StopSignal::install(stop);
    StatusLine status;
    StatusLine::install(status);
    SystemClock clock;
    Console console(STDOUT_FILENO);
    ConnectionCloser closer;
    World world{
        .clock = clock,
        .stop = stop,
        .console = console,
        .connect = {.kafka =
                        [&closer](const auto& options, const auto& stop_of_run) {
                            return make_rdkafka_client(options, stop_of_run, closer);
                        },
                    .http = make_curl_http},
        .make_metric_sink = make_statsd_sink,
        .environment = read_environment(),
        .status = status,
        .ask = ask_at_terminal,
        .stdin_is_terminal = ::isatty(STDIN_FILENO) == 1,
        .stderr_is_terminal = ::isatty(STDERR_FILENO) == 1,
        .read_input = read_standard_input,
        .job_rules = rules,
    };
    const std::vector<std::string> args(argv + 1, argv + argc);
    return static_cast<int>(run_program(registry, args, world));
}

}  // namespace caretaker
