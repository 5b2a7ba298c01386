// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/parallel_parts.hpp"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace caretaker {

namespace {

std::chrono::nanoseconds thread_time() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

PartsCost run_parts(std::size_t workers,
                    std::size_t parts,
                    const std::function<void(std::size_t worker, std::size_t part)>& work) {
    std::atomic<std::size_t> next = 0;
    std::atomic<std::int64_t> cpu = 0;
    std::exception_ptr failure;
    std::mutex mutex;
    const auto take_parts = [&](std::size_t worker) {
        const auto before = thread_time();
        try {
            for (std::size_t part = next++; part < parts; part = next++) {
                work(worker, part);
            }
        } catch (...) {  // a thread that is left by one would end the process
            const std::lock_guard lock(mutex);
            failure = std::current_exception();
            next = parts;
        }
        cpu += (thread_time() - before).count();
    };
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (std::size_t worker = 1; worker < std::min(workers, parts); ++worker) {
        threads.emplace_back(take_parts, worker);
    }
    take_parts(0);
    for (std::thread& thread : threads) {
        thread.join();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
    return {.wall = std::chrono::steady_clock::now() - start,
            .cpu = std::chrono::nanoseconds(cpu.load())};
}

}  // namespace caretaker
