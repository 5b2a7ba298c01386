// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/offer_request.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/http/service_http.hpp"
#include "common/json/json_error.hpp"
#include "common/options/command_options.hpp"
#include "common/text/duration.hpp"
#include "jobs/leftovers/offer_subscription.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

constexpr std::chrono::milliseconds usual_limit{5'000};
constexpr std::chrono::milliseconds longest_limit{15'000};

std::string read_limit(const std::string& text, std::optional<std::chrono::milliseconds>& limit) {
    limit = parse_duration(text);
    if (!limit || limit->count() <= 0 || *limit > longest_limit) {
        return fmt::format("'{}' is not a duration up to 15s; write 5s or 10s", text);
    }
    return {};
}

/// In byte order, each once.
std::vector<std::string> roles_of(const ClusterFacts& facts, const std::string& role) {
    if (!role.empty()) {
        return {role};
    }
    std::vector<std::string> roles{"*"};
    if (facts.workload.is_known) {
        roles.push_back(facts.workload.settings.role);
        for (const MarathonApp& app : facts.workload.apps) {
            if (app.role) {
                roles.push_back(*app.role);
            }
        }
    }
    std::ranges::sort(roles);
    roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
    return roles;
}

}  // namespace

void OfferRequest::describe(CommandOptions& command) {
    constexpr std::string_view heading = "Real offers";
    command.add_flag("--offers",
                     is_given_,
                     "Also what the master really offers: a framework for some seconds, which "
                     "declines everything and is torn down",
                     {.group = heading});
    command.add_reader(
        "--offers-for",
        [this](const std::string& text) { return read_limit(text, limit_); },
        "With --offers: no longer than this (default 5s, at most 15s); it ends as soon as nothing "
        "new is offered",
        {.type = "DURATION", .group = heading});
}

void OfferRequest::configure(bool reads_files, bool counts_offers_as_busy) const {
    if (limit_ && !is_given_) {
        throw UsageError("--offers-for says how long --offers takes; add that, or leave it out");
    }
    if (!is_given_) {
        return;
    }
    if (reads_files) {
        throw UsageError("--offers asks a master, and --input reads files; leave one of them out");
    }
    if (counts_offers_as_busy) {
        throw UsageError(
            "--offers compares with books in which offers come back; leave "
            "--offered busy out");
    }
}

OfferLook OfferRequest::look(const ServiceOptions& mesos,
                             const ClusterFacts& facts,
                             const std::string& role,
                             Context& context,
                             const std::function<ClusterFacts()>& read_books) const {
    OfferLook look{.roles = roles_of(facts, role),
                   .capabilities = offer_capabilities(facts.mesos_version)};
    const auto has = [&](std::string_view name) {
        return std::ranges::find(look.capabilities, name) != look.capabilities.end();
    };
    if (!has("MULTI_ROLE") && look.roles.size() > 1) {  // one each, before Mesos 1.2
        look.roles = {facts.workload.is_known ? facts.workload.settings.role : "*"};
    }
    look.probe = probe_offers(mesos,
                              {.name = "caretaker-leftovers-" + short_run_id(context.run.uid),
                               .principal = mesos.http.user,
                               .roles = look.roles,
                               .capabilities = look.capabilities,
                               .limit = limit_.value_or(usual_limit),
                               .quiet = 2 * facts.flags.allocation_interval},
                              context);
    if (look.probe.end == OfferProbeEnd::failed) {
        return look;
    }
    // The leftovers are known without; it becomes a problem of the run.
    try {
        look.after = read_books();
    } catch (const RemoteError& error) {
        look.unread_books = error.what();
    } catch (const JsonError& error) {
        look.unread_books = error.what();
    }
    return look;
}

}  // namespace caretaker
