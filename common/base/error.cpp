// SPDX-License-Identifier: Apache-2.0
#include "common/base/error.hpp"

#include "common/base/stop_signal.hpp"

#include <cstring>

namespace caretaker {

namespace {

ExitCode exit_code_of(RemoteFailure failure) {
    switch (failure) {
        case RemoteFailure::unreachable:
            return ExitCode::unreachable;
        case RemoteFailure::denied:
            return ExitCode::denied;
        case RemoteFailure::failed:
            break;
    }
    return ExitCode::failed;
}

const char* word_of_stop(int signal) {
    if (signal == StopSignal::time_limit) {
        return "timeout";
    }
    return signal == StopSignal::lease_lost ? "lease_lost" : "interrupted";
}

std::string describe_stop(int signal) {
    if (signal == StopSignal::time_limit) {
        return "the run's time limit was reached; raise --timeout, or give it less to do";
    }
    if (signal == StopSignal::lease_lost) {
        return "the lease that keeps other hosts away does not last; the next run does what was "
               "not begun";
    }
    return std::string("ended by ") + ::strsignal(signal);
}

}  // namespace

Error::Error(ExitCode exit_code, std::string code, const std::string& message)
    : std::runtime_error(message),
      exit_code_(exit_code),
      code_(std::move(code)),
      message_(message) {}

void Error::add_context(std::string_view context) {
    message_.insert(0, ": ");
    message_.insert(0, context);
}

RemoteError::RemoteError(RemoteFailure failure, std::string code, const std::string& message)
    : Error(exit_code_of(failure), std::move(code), message),
      failure_(failure),
      may_have_arrived_(failure == RemoteFailure::unreachable) {}

Interrupted::Interrupted(int signal)
    : Error(exit_code_of_stop(signal), word_of_stop(signal), describe_stop(signal)),
      signal_(signal) {}

}  // namespace caretaker
