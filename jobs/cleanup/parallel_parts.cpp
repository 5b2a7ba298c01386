// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/parallel_parts.hpp"

#include "common/base/fd.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace caretaker {

namespace {

using Steady = std::chrono::steady_clock;

std::chrono::nanoseconds run_queue_time() {
    const Fd file(open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC));
    std::array<char, 64> text{};
    const ssize_t size = read(file.get(), text.data(), text.size());
    return parse_run_queue_time(
        {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
}

/// How long this thread had a processor or waited for one.
std::chrono::nanoseconds processor_time() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec) +
           run_queue_time();
}

}  // namespace

std::chrono::nanoseconds parse_run_queue_time(std::string_view text) {
    const char* const end = text.data() + text.size();
    std::uint64_t with_processor = 0;
    const auto [blank, no_first] = std::from_chars(text.data(), end, with_processor);
    if (no_first != std::errc{} || blank == end || *blank != ' ') {
        return {};
    }
    std::uint64_t waiting = 0;
    const auto [rest, no_second] = std::from_chars(blank + 1, end, waiting);
    return no_second == std::errc{} ? std::chrono::nanoseconds(waiting)
                                    : std::chrono::nanoseconds(0);
}

PartsCost run_parts(std::size_t workers,
                    std::size_t parts,
                    const std::function<void(std::size_t worker, std::size_t part)>& work) {
    std::atomic<std::size_t> next = 0;
    std::atomic<std::int64_t> worked = 0;
    std::atomic<std::int64_t> processor = 0;
    std::exception_ptr failure;
    std::mutex mutex;
    const auto take_parts = [&](std::size_t worker) {
        const auto began = Steady::now();
        const auto before = processor_time();
        try {
            for (std::size_t part = next++; part < parts; part = next++) {
                work(worker, part);
            }
        } catch (...) {  // a thread that is left by one would end the process
            const std::lock_guard lock(mutex);
            failure = std::current_exception();
            next = parts;
        }
        processor += (processor_time() - before).count();
        worked += std::chrono::nanoseconds(Steady::now() - began).count();
    };
    const auto start = Steady::now();
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
    return {.wall = Steady::now() - start,
            .worked = std::chrono::nanoseconds(worked.load()),
            .processor = std::chrono::nanoseconds(processor.load())};
}

}  // namespace caretaker
