// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/docker_space_plan.hpp"

#include "common/text/bytes.hpp"
#include "jobs/cleanup/age_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

DockerPlan plan_build_cache(const std::vector<DockerCacheRecord>& records,
                            const BuildCachePolicy& policy,
                            DockerTime now) {
    std::uint64_t total = 0;
    std::uint64_t unused = 0;
    std::int64_t count = 0;
    for (const DockerCacheRecord& record : records) {
        if (record.shared) {
            continue;
        }
        total += record.size;
        if (!record.in_use && record.last_used <= now &&
            now - record.last_used > policy.unused_for) {
            unused += record.size;
            ++count;
        }
    }
    DockerPlan plan{.universe = 1};
    const std::uint64_t bytes = std::min(unused, total - std::min(total, policy.keep));
    if (bytes > 0) {
        plan.removals.push_back(
            {.kind = DockerKind::build_cache,
             .name = "build cache",
             .id = "build-cache",
             .bytes = bytes,
             .reason = fmt::format("at most {} records not used for {}, {} stay; an estimate, the "
                                   "Engine chooses",
                                   count,
                                   format_age(policy.unused_for),
                                   format_bytes(policy.keep))});
    }
    return plan;
}

DockerPlan plan_logs(const std::vector<ContainerLog>& logs, const LogPolicy& policy) {
    DockerPlan plan{.universe = static_cast<std::int64_t>(logs.size())};
    for (const ContainerLog& log : logs) {
        if (log.size > policy.truncate_over && log.all_append) {
            plan.removals.push_back({.kind = DockerKind::log,
                                     .name = log.container,
                                     .id = log.path,
                                     .bytes = log.allocated,
                                     .reason = fmt::format("its log has {}, limit {}",
                                                           format_bytes(log.size),
                                                           format_bytes(policy.truncate_over))});
        }
    }
    return plan;
}

bool grows_without_limit(const ContainerLog& log) {
    constexpr std::uint64_t large = std::uint64_t{1} << 30U;
    return !log.is_limited && log.size > large;
}

}  // namespace caretaker
