// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_exclusion.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/run_info.hpp"
#include "common/cli/lock_directory.hpp"
#include "common/cli/run_words.hpp"
#include "common/clients/http_settings.hpp"
#include "common/config/settings.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_wait_for_lock{30'000};  // by --on-locked wait
constexpr std::array<std::string_view, 5> changed_services{
    "elasticsearch", "marathon", "chronos", "kibana", "docker"};

UpkeepLock lock_of(const RunRequest& request) {
    UpkeepJob* upkeep = request.job.as_upkeep();
    const std::string name(request.info.name);
    return upkeep == nullptr ? UpkeepLock{.names = {name}} : upkeep->lock_of_form(name);
}

std::string timeout_key(std::string_view target, std::string_view service) {
    return fmt::format("targets.{}.{}.request_timeout", target, service);
}

}  // namespace

RunExclusion::RunExclusion(const RunRequest& request, const RunInfo& run, World& world, Log& log)
    : request_(request),
      run_(run),
      world_(world),
      log_(log),
      changes_things_(request.job.as_upkeep() != nullptr),
      lock_(lock_of(request)),
      policy_(request.options.on_locked.value_or(lock_.wait.count() > 0 ? OnLocked::wait
                                                                        : OnLocked::skip)) {
    const std::string backend = request.settings.text("lock.backend");
    is_local_ = backend != "none";
    if (backend == "elasticsearch" && !lock_.names.empty() && !lock_.is_of_host) {
        open_lease();
    }
}

void RunExclusion::open_lease() {
    const Settings& settings = request_.settings;
    const std::string urls = fmt::format("targets.{}.elasticsearch.urls", run_.target);
    if (settings.texts(urls).empty()) {
        const std::string what = fmt::format(
            "lock.backend is elasticsearch, and target {} has none to keep a lease in; write its "
            "address to {}",
            run_.target,
            urls);
        if (changes_things_) {
            throw UsageError(what);
        }
        why_no_lease_ = what + "; other hosts are not kept away";
        return;
    }
    const milliseconds ttl = settings.duration("lock.ttl");
    if (changes_things_) {
        check_lease_time(ttl);
    }
    lease_.emplace(
        load_http_options(settings, run_.target, "elasticsearch"),
        ttl,
        changes_things_ ? LeaseLoss::stops : LeaseLoss::is_a_note,
        RunLease::Surroundings{.world = world_, .settings = settings, .run = run_, .log = log_});
}

void RunExclusion::check_lease_time(milliseconds ttl) const {
    const milliseconds longest = longest_request();
    if (ttl >= least_lease_ttl(longest)) {
        return;
    }
    const auto* const service = std::ranges::find_if(changed_services, [&](auto name) {
        return request_.settings.duration(timeout_key(run_.target, name)) == longest;
    });
    throw UsageError(fmt::format(
        "lock.ttl is {}, and {} is {}: a lease must last longer than a request may, at any moment "
        "between two renewals; set lock.ttl to {} or more, or shorten the requests",
        format_exact_duration(ttl),
        timeout_key(run_.target, *service),
        format_exact_duration(longest),
        format_exact_duration(std::chrono::ceil<std::chrono::seconds>(least_lease_ttl(longest)))));
}

milliseconds RunExclusion::longest_request() const {
    milliseconds longest{0};
    for (const std::string_view service : changed_services) {
        longest = std::max(longest, request_.settings.duration(timeout_key(run_.target, service)));
    }
    return longest;
}

std::optional<std::string> RunExclusion::take(const std::string& store_path) {
    if (lock_.names.empty()) {
        return std::nullopt;
    }
    SteadyTime wait_until{};
    if (!is_local_) {
        if (changes_things_) {
            log_.warning(
                "lock.backend is none: nothing keeps another run of this job and target "
                "from changing the same things now");
        }
        return std::nullopt;
    }
    if (!why_no_lease_.empty()) {
        log_.warning(why_no_lease_);
    }
    // The lock of this host comes first: it costs nothing, and spares the index a request.
    auto in_the_way = take_local(store_path, wait_until);
    if (!in_the_way && lease_) {
        in_the_way = take_lease(wait_until);
    }
    return in_the_way;
}

std::optional<std::string> RunExclusion::take_local(const std::string& store_path,
                                                    SteadyTime& wait_until) {
    LockRequest request = local_request(store_path);
    RunLocks locks = take_run_locks(request, world_.clock, world_.stop);
    if (!locks.name.empty() && policy_ == OnLocked::wait) {
        begin_waiting(describe_lock(locks, lock_.names.front()), wait_until);
        request.wait = longest_wait();
        locks = take_run_locks(request, world_.clock, world_.stop);
    }
    if (locks.no_directory && changes_things_) {
        throw StoreError(
            "taking the lock: no directory for it can be used; set XDG_RUNTIME_DIR, or use a store",
            "lock");
    }
    if (locks.no_directory) {
        log_.warning("no directory for the lock file; nothing keeps a second run away");
    }
    if (!locks.name.empty()) {
        return describe_lock(locks, lock_.names.front());
    }
    files_ = std::move(locks.held);
    return std::nullopt;
}

std::optional<std::string> RunExclusion::take_lease(SteadyTime wait_until) {
    // Caught for jobs that read: what they find out is worth more than that they are alone.
    try {
        const auto left = [&] {
            return std::chrono::floor<milliseconds>(wait_until - world_.clock.steady());
        };
        const bool is_waiting = wait_until != SteadyTime{};
        auto other = lease_->take(lock_.names, is_waiting ? left() : milliseconds(0));
        if (other && policy_ == OnLocked::wait && !is_waiting) {
            begin_waiting(describe(*other), wait_until);
            other = lease_->take(lock_.names, left());
        }
        has_lease_ = !other;
        return other ? std::optional(describe(*other)) : std::nullopt;
    } catch (const Interrupted&) {
        throw;
    } catch (Error& error) {
        error.add_context("taking the lease that keeps other hosts away");
        if (changes_things_) {
            throw;
        }
        log_.warning(fmt::format("{}; this run goes on without it", error.what()));
        return std::nullopt;
    }
}

void RunExclusion::begin_waiting(const std::string& for_whom, SteadyTime& wait_until) {
    wait_until = world_.clock.steady() + longest_wait();
    log_.info(fmt::format(
        "{}; waiting up to {} for it", for_whom, format_exact_duration(longest_wait())));
}

milliseconds RunExclusion::longest_wait() const {
    return request_.options.lock_wait.value_or(lock_.wait.count() > 0 ? lock_.wait
                                                                      : longest_wait_for_lock);
}

std::string RunExclusion::describe(const Lease& lease) const {
    const RunLocks as_lock{
        .holder = describe_lease_holder(lease, world_.clock.now(), lease_->ttl()),
        .name = lease.lock};
    return describe_lock(as_lock, lock_.names.front());
}

LockRequest RunExclusion::local_request(const std::string& store_path) const {
    return {.directories = lock_directories(store_path, world_.environment, ::geteuid()),
            .prepare = store_path.empty(),
            .names = lock_.names,
            .target = run_.target,
            .self = {.run_uid = run_.uid,
                     .host = run_.host,
                     .task_id = run_.trigger_ref,
                     .pid = ::getpid(),
                     .started_at = run_.started_at}};
}

void RunExclusion::warn_of_others() {
    if (!lease_) {
        return;
    }
    // Caught because a dry run does not depend on anybody else.
    try {
        if (const auto other = lease_->find_other(lock_.names)) {
            log_.warning(describe(*other));
        }
    } catch (const Interrupted&) {
        throw;
    } catch (const Error& error) {
        log_.warning(fmt::format("looking for a lease of another host: {}", error.what()));
    }
}

ChangePermit RunExclusion::permit() {
    if (!has_lease_ || !changes_things_) {
        return {};
    }
    return [this](milliseconds longest) { lease_->require(longest); };
}

void RunExclusion::release() {
    if (has_lease_) {
        lease_->release();
        has_lease_ = false;
    }
}

std::string RunExclusion::trouble() const {
    return lease_ ? lease_->trouble() : std::string();
}

}  // namespace caretaker
