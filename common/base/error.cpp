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
    : Error(signal == StopSignal::time_limit ? ExitCode::timeout : exit_code_for_signal(signal),
            signal == StopSignal::time_limit ? "timeout" : "interrupted",
            signal == StopSignal::time_limit
                ? std::string("the run's time limit was reached; raise --timeout, or give it less "
                              "to do")
                : std::string("ended by ") + ::strsignal(signal)),
      signal_(signal) {}

}  // namespace caretaker
