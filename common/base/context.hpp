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
#include <string_view>

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
struct StoreAccess;

/// Makes clients of services. Nothing is connected before a client's first request.
struct Connectors {
    std::function<std::unique_ptr<KafkaClient>(const KafkaOptions&, const StopSignal&)> kafka{};
    std::function<std::unique_ptr<HttpClient>(const HttpOptions&, const StopSignal&)> http{};
};

/// Who reads the result.
struct Audience {
    bool person = false;  // at a terminal, as a table; else a program, or nobody
    bool ascii = false;   // decorations must be of ASCII
};

struct Context {
    Clock& clock;
    const Connectors& connect;
    Store* store;  // null when the run goes without (--store none, or a store out of order)
    Log& log;
    const Settings& settings;
    const StopSignal& stop;
    const RunInfo& run;
    std::optional<SteadyTime> deadline{};  // when the run's time is over; unset: it has no limit
    /// The whole program's, for commands that only show; with their options where
    /// JobInfo::is_about_options asks for them.
    const CommandHelp* commands = nullptr;
    Progress& progress = NoProgress::instance();
    HttpTally* http_tally = nullptr;  // counts what goes over HTTP; the runner reports it
    /// How the store is opened, and how long it keeps what; not set for commands without one.
    const StoreAccess* store_access = nullptr;
    /// Asks the person at the terminal; empty where there is none. Nothing: no answer came.
    std::function<std::optional<std::string>(std::string_view question)> ask{};
    /// Takes a result piece by piece that is too large for a report, or that somebody waits for;
    /// each is written at once. False once nobody takes it any more. Set for commands that only
    /// show and those that open the store themselves.
    std::function<bool(std::string_view piece)> write_result{};
    std::string store_problem{};     // why `store` is null though there may be one; else empty
    std::string settings_problem{};  // what is wrong with where `settings` come from; else empty
    InputSource input{};             // standard input, for commands that only show; empty: none
    /// For what is worth its reading only where a person sees it; what a program gets must never
    /// depend on it.
    Audience audience{};
};

}  // namespace caretaker
