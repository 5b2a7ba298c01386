// SPDX-License-Identifier: Apache-2.0
// What the runner lends a job for one run.
#pragma once

#include "common/base/clock.hpp"
#include "common/base/input_source.hpp"
#include "common/base/progress.hpp"
#include "common/base/run_info.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace caretaker {

class HttpClient;
class HttpTally;
class KafkaClient;
class Log;
class Settings;
class StopSignal;
class Store;
struct CommandHelp;
struct HttpOptions;
struct KafkaOptions;

/// Makes clients of services. Nothing is connected before a client's first request.
struct Connectors {
    std::function<std::unique_ptr<KafkaClient>(const KafkaOptions&, const StopSignal&)> kafka{};
    std::function<std::unique_ptr<HttpClient>(const HttpOptions&, const StopSignal&)> http{};
};

struct Context {
    Clock& clock;
    const Connectors& connect;
    Store* store;  // null when the run goes without (--store none, or a store out of order)
    Log& log;
    const Settings& settings;
    const StopSignal& stop;
    const RunInfo& run;
    std::optional<SteadyTime> deadline{};   // when the run's time is over; unset: it has no limit
    const CommandHelp* commands = nullptr;  // the whole program's; set for commands that only show
    Progress& progress = NoProgress::instance();
    HttpTally* http_tally = nullptr;  // counts what goes over HTTP; the runner reports it
    std::string store_problem{};      // why `store` is null though there may be one; else empty
    std::string settings_problem{};   // what is wrong with where `settings` come from; else empty
    InputSource input{};              // standard input, for commands that only show; empty: none
};

}  // namespace caretaker
