// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_locks.hpp"

#include "common/base/stop_signal.hpp"
#include "common/cli/lock_directory.hpp"

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

constexpr std::chrono::milliseconds pause_between_tries{100};

std::optional<std::filesystem::path> usable_directory(const LockRequest& request) {
    for (const auto& directory : request.directories) {
        if (!request.prepare || prepare_lock_directory(directory)) {
            return directory;
        }
    }
    return std::nullopt;
}

}  // namespace

RunLocks take_run_locks(const LockRequest& request, Clock& clock, const StopSignal& stop) {
    RunLocks locks;
    const auto directory = usable_directory(request);
    if (!directory) {
        locks.no_directory = true;
        return locks;
    }
    std::vector<std::string> names = request.names;
    std::ranges::sort(names);
    const SteadyTime deadline = clock.steady() + request.wait;
    for (const std::string& name : names) {
        const auto path = lock_file_path(*directory, name, request.target);
        LockAttempt attempt = take_lock(path, request.self);
        while (!attempt.lock && clock.steady() < deadline) {
            clock.wait(pause_between_tries, stop);
            stop.check();
            attempt = take_lock(path, request.self);
        }
        if (!attempt.lock) {
            return {.held = {}, .holder = std::move(attempt.holder), .name = name};
        }
        locks.held.push_back(std::move(*attempt.lock));
    }
    return locks;
}

}  // namespace caretaker
