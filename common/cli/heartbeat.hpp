// SPDX-License-Identifier: Apache-2.0
// Tells a watching service that a run began and how it ended, in the manner of healthchecks
// (https://healthchecks.io/docs/http_api/: /start, /<exit code>, rid).
#pragma once

#include "common/base/context.hpp"
#include "common/base/exit_code.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace caretaker {

/// What is wrong with `pattern` as a setting, and what to write instead; empty when nothing is.
std::string ping_url_problem(std::string_view pattern);

/// The address of a ping: `{job}` and `{target}` of `pattern` are replaced, then follow `signal`
/// ("start" or an exit code) and the run's id.
std::string format_ping_url(std::string_view pattern, const RunInfo& run, std::string_view signal);

/// Never throws and never changes a run: what fails is a warning in the log.
class Heartbeat {
 public:
    /// `pattern` is the setting ping.url; empty: nothing is ever sent. Nor is it for a dry run.
    /// The references outlive this.
    Heartbeat(std::string pattern,
              const RunInfo& run,
              const Connectors& connect,
              const StopSignal& stop,
              Log& log);

    /// The run begins. Up to 5 s, in two tries.
    void start();

    /// The run ended; `summary` goes along, at most 10 kB of it. Up to 5 s, in two tries; once a
    /// stop was requested 300 ms, in one.
    void finish(ExitCode code, std::string_view summary);

 private:
    void send(std::string_view signal, std::string_view body, bool stopping);

    std::string pattern_;
    const RunInfo& run_;
    const Connectors& connect_;
    const StopSignal& stop_;
    Log& log_;
};

}  // namespace caretaker
