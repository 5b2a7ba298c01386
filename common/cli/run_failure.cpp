// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_failure.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <exception>

namespace caretaker {

namespace {

Outcome outcome_of_stop(ExitCode code) {
    if (code == ExitCode::timeout) {
        return Outcome::timeout;
    }
    return code == ExitCode::braked ? Outcome::braked : Outcome::interrupted;
}

}  // namespace

std::optional<RunFailure> catch_failure(std::string_view job, const std::function<void()>& step) {
    try {
        step();
    } catch (const Interrupted& end) {
        return RunFailure{
            {outcome_of_stop(end.exit_code()), end.exit_code()}, end.code(), end.what()};
    } catch (const Error& error) {
        const bool is_brake = error.exit_code() == ExitCode::braked;
        return RunFailure{{is_brake ? Outcome::braked : Outcome::failed, error.exit_code()},
                          error.code(),
                          error.what()};
    } catch (const std::exception& error) {
        return RunFailure{
            {Outcome::failed, ExitCode::failed},
            "internal",
            fmt::format("{} failed unexpectedly: {}; please report this with the log of -v",
                        job,
                        error.what())};
    }
    return std::nullopt;
}

}  // namespace caretaker
