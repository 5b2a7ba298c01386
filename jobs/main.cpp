// SPDX-License-Identifier: Apache-2.0
// The program: builds the real world and hands over.
#include "common/base/clock.hpp"
#include "common/base/stop_signal.hpp"
#include "common/cli/program.hpp"
#include "common/http/curl_http.hpp"
#include "common/kafka/connection_closer.hpp"
#include "common/kafka/rdkafka_client.hpp"
#include "common/output/console.hpp"
#include "jobs/registry.hpp"

#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

caretaker::EnvironmentMap read_environment() {
    caretaker::EnvironmentMap variables;
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

int main(int argc, char** argv) {
    caretaker::StopSignal stop;
    caretaker::StopSignal::install(stop);
    caretaker::SystemClock clock;
    caretaker::Console console(STDOUT_FILENO);
    caretaker::ConnectionCloser closer;
    caretaker::World world{
        .clock = clock,
        .stop = stop,
        .console = console,
        .connect = {.kafka =
                        [&closer](const auto& options, const auto& stop_of_run) {
                            return caretaker::make_rdkafka_client(options, stop_of_run, closer);
                        },
                    .http = caretaker::make_curl_http},
        .make_metric_sink = caretaker::make_statsd_sink,
        .environment = read_environment(),
        .stdin_is_terminal = ::isatty(STDIN_FILENO) == 1,
        .stderr_is_terminal = ::isatty(STDERR_FILENO) == 1,
    };
    const std::vector<std::string> args(argv + 1, argv + argc);
    return static_cast<int>(caretaker::run_program(caretaker::registry(), args, world));
}
