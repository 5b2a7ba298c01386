// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_lease.hpp"

#include "common/base/error.hpp"
#include "common/base/run_info.hpp"
#include "common/cli/lease_connection.hpp"
#include "common/cli/world.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds pause_between_tries{500};
constexpr milliseconds first_tries_for{10'000};
constexpr milliseconds first_request{5'000};  // nothing depends on the lease yet
/// Of the 2 s that a run has after a signal, a change on the wire may have used one.
constexpr milliseconds request_when_stopping{200};

}  // namespace

RunLease::RunLease(ServiceOptions service,
                   milliseconds ttl,
                   LeaseLoss loss,
                   const Surroundings& around)
    : service_(std::move(service)), times_(plan_lease_times(ttl)), loss_(loss), around_(around) {}

RunLease::~RunLease() {
    end_renewal();
}

Lease RunLease::lease_on(const std::string& name) const {
    const RunInfo& run = around_.run;
    return {.lock = name,
            .target = run.target,
            .owner = run.uid,
            .host = run.host,
            .task_id = run.trigger_ref,
            .pid = ::getpid(),
            .started_at = run.started_at};
}

std::unique_ptr<LeaseConnection> RunLease::connect(milliseconds request,
                                                   milliseconds retries_for,
                                                   Log& log,
                                                   const StopSignal& stop) const {
    return std::make_unique<LeaseConnection>(
        service_,
        LeaseConnection::Limits{.request = request, .retries_for = retries_for},
        engine_,
        LeaseConnection::Surroundings{.world = around_.world,
                                      .settings = around_.settings,
                                      .run = around_.run,
                                      .log = log,
                                      .stop = stop});
}

std::optional<Lease> RunLease::take(std::vector<std::string> names, milliseconds wait) {
    std::ranges::sort(names);
    const SteadyTime deadline = around_.world.clock.steady() + wait;
    const auto connection =
        connect(first_request, first_tries_for, around_.log, around_.world.stop);
    // Caught because a run that does not come to its work must leave nothing that keeps others
    // away.
    try {
        for (const std::string& name : names) {
            if (auto other = take_one(connection->index(), name, deadline)) {
                release_all(times_.request);
                return other;
            }
        }
    } catch (const Error&) {
        release_all(request_when_stopping);
        throw;
    }
    engine_ = connection->index().engine();
    note_term();
    renewal_ = std::thread([this] { renew_until_quiet(); });
    return std::nullopt;
}

std::optional<Lease> RunLease::take_one(LeaseIndex& index,
                                        const std::string& name,
                                        SteadyTime deadline) {
    World& world = around_.world;
    while (true) {
        LeaseAttempt attempt = take_lease(index, lease_on(name), times_.ttl, world.clock);
        if (attempt.held) {
            held_.push_back(std::move(*attempt.held));
            return std::nullopt;
        }
        if (world.clock.steady() >= deadline) {
            return std::move(attempt.other);
        }
        world.clock.wait(pause_between_tries, world.stop);
        world.stop.check();
    }
}

std::optional<Lease> RunLease::find_other(const std::vector<std::string>& names) {
    const World& world = around_.world;
    const auto connection = connect(first_request, milliseconds(0), around_.log, world.stop);
    for (const std::string& name : names) {
        const auto found = connection->index().fetch(lease_id(name, around_.run.target));
        const auto lease = found ? std::optional(found->lease) : std::nullopt;
        if (decide_lease(lease, around_.run.uid, world.clock.now()) == LeaseStep::wait) {
            return lease;
        }
    }
    return std::nullopt;
}

void RunLease::renew_until_quiet() {
    Log silent(LogLevel::off, LogFormat::plain);  // the run's belongs to its own thread
    milliseconds pause = times_.renew_every;
    while (quiet_.wait_for(pause)) {
        // Caught as nobody is above: what a renewal meets is told by the run's own thread.
        try {
            const auto connection = connect(times_.request, milliseconds(0), silent, quiet_);
            if (!renew_all(connection->index())) {
                return;
            }
            pause = times_.renew_every;
        } catch (const Interrupted&) {
            return;
        } catch (const std::exception& error) {
            note_trouble(fmt::format("renewing the lease: {}", error.what()));
            pause = times_.retry_every;
        }
    }
}

bool RunLease::renew_all(LeaseIndex& index) {
    for (HeldLease& held : held_) {
        if (renew_lease(index, held, times_.ttl, around_.world.clock)) {
            continue;
        }
        note_trouble(fmt::format("the lease {} was taken over by another run", held.id));
        {
            const std::lock_guard lock(mutex_);
            is_lost_ = true;
        }
        if (loss_ == LeaseLoss::stops) {
            around_.world.stop.lose_lease();
        }
        return false;
    }
    note_term();
    note_trouble({});
    return true;
}

void RunLease::note_term() {
    const auto first = std::ranges::min_element(
        held_, {}, [](const HeldLease& held) { return held.term.ends_at; });
    const std::lock_guard lock(mutex_);
    if (first != held_.end()) {
        term_ = first->term;
    }
}

void RunLease::note_trouble(std::string words) {
    const std::lock_guard lock(mutex_);
    trouble_ = std::move(words);
}

std::string RunLease::trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
}

milliseconds RunLease::remaining() const {
    const Clock& clock = around_.world.clock;
    const std::lock_guard lock(mutex_);
    if (is_lost_ || !term_) {
        return milliseconds(0);
    }
    return remaining_lease(*term_, clock.now(), clock.steady());
}

void RunLease::require(milliseconds longest) {
    around_.world.stop.check();
    const milliseconds left = remaining();
    if (left > longest) {
        return;
    }
    const std::string before = trouble();
    note_trouble(fmt::format("{} of the lease is left, and a change may take {}{}{}",
                             format_duration(left),
                             format_duration(longest),
                             longest >= times_.ttl - times_.renew_every
                                 ? fmt::format("; set lock.ttl to more than {}",
                                               format_exact_duration(least_lease_ttl(longest)))
                                 : std::string(),
                             before.empty() ? std::string() : fmt::format(" ({})", before)));
    around_.world.stop.lose_lease();
    around_.world.stop.check();
}

void RunLease::end_renewal() {
    quiet_.request(SIGTERM);
    if (renewal_.joinable()) {
        renewal_.join();
    }
}

void RunLease::release() {
    end_renewal();
    tell_trouble();
    release_all(around_.world.stop.requested() ? request_when_stopping : times_.request);
}

void RunLease::tell_trouble() {
    const std::string words = trouble();
    // Where it stopped the run, that has told it.
    if (!words.empty() && around_.world.stop.signal() != StopSignal::lease_lost) {
        around_.log.warning(words);
    }
}

void RunLease::release_all(milliseconds request) {
    if (held_.empty()) {
        return;
    }
    const StopSignal never;  // other hosts are to know of a run that was stopped, too
    Log silent(LogLevel::off, LogFormat::plain);
    const auto connection = connect(request, milliseconds(0), silent, never);
    for (const HeldLease& held : std::exchange(held_, {})) {
        // Caught because a lease that cannot be released ends by itself.
        try {
            release_lease(connection->index(), held, around_.world.clock);
        } catch (const Error& error) {
            around_.log.warning(
                fmt::format("releasing the lease {}: {}; it ends by itself within {}",
                            held.id,
                            error.what(),
                            format_exact_duration(times_.ttl + lease_margin)));
            return;  // nor could the others in time
        }
    }
}

}  // namespace caretaker
