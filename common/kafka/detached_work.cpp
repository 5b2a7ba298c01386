// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/detached_work.hpp"

#include "common/base/stop_signal.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace caretaker {

struct DetachedWork::State {
    Function work{};
    std::atomic<bool> abandoned{false};
    std::mutex mutex{};
    std::condition_variable ended{};
    std::size_t running = 0;
    std::exception_ptr failure{};

    void run() noexcept {
        std::exception_ptr thrown;
        try {
            work(abandoned);
        } catch (...) {
            // Nothing may leave a thread; wait() throws it again.
            thrown = std::current_exception();
        }
        const std::lock_guard lock(mutex);
        if (!failure) {
            failure = thrown;
        }
        --running;
        ended.notify_all();
    }
};

DetachedWork::DetachedWork(std::size_t threads, Function work) : state_(std::make_shared<State>()) {
    state_->work = std::move(work);
    for (std::size_t started = 0; started < threads; ++started) {
        {
            const std::lock_guard lock(state_->mutex);
            ++state_->running;
        }
        try {
            std::thread([state = state_] { state->run(); }).detach();
        } catch (const std::system_error&) {
            // In a container at its limit of processes, fewer threads do the same work.
            const std::lock_guard lock(state_->mutex);
            --state_->running;
            if (started == 0) {
                throw;
            }
            return;
        }
    }
}

DetachedWork::~DetachedWork() {
    state_->abandoned = true;
}

void DetachedWork::wait(const StopSignal& stop) {
    while (!wait_for(std::chrono::milliseconds(100))) {
        stop.check();
    }
    const std::lock_guard lock(state_->mutex);
    if (state_->failure) {
        std::rethrow_exception(state_->failure);
    }
}

bool DetachedWork::wait_for(std::chrono::milliseconds duration) {
    std::unique_lock lock(state_->mutex);
    return state_->ended.wait_for(lock, duration, [&] { return state_->running == 0; });
}

}  // namespace caretaker
