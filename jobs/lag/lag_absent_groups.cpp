// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_absent_groups.hpp"

#include "common/store/job_memory.hpp"
#include "jobs/lag/lag_memory.hpp"

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

const std::string& name_of(const GroupLag& group) {
    return group.group.name;
}

GroupLag make_remembered(std::string name) {
    return {.group = {.name = std::move(name)},
            .reading = GroupReading::unread,
            .remembered = true,
            .problem = KafkaProblem{.failure = KafkaFailure::failed,
                                    .text = "no broker lists it, and not all could be asked"}};
}

/// A group that is back may be told of anew when it goes again.
void forget_returned(const ClusterLag& cluster, JobMemory& memory) {
    for (const std::string& name : memory.names(gone_kind, WallTime())) {
        if (std::ranges::binary_search(cluster.groups, name, {}, name_of)) {
            memory.forget(gone_key(name));
        }
    }
}

}  // namespace

std::vector<std::string> find_expected_groups(JobMemory& memory, const AbsenceScope& scope) {
    if (!scope.expects) {
        return {};
    }
    std::vector<std::string> expected = memory.names(windows_kind, scope.since);
    const std::vector<std::string> gone = memory.names(gone_kind, WallTime());
    std::erase_if(expected, [&](const std::string& name) {
        return std::ranges::binary_search(gone, name) || !scope.expects(name);
    });
    return expected;
}

std::vector<std::string> note_absent_groups(ClusterLag& cluster,
                                            JobMemory& memory,
                                            const AbsenceScope& scope,
                                            WallTime now) {
    forget_returned(cluster, memory);
    std::vector<std::string> absent = find_expected_groups(memory, scope);
    std::erase_if(absent, [&](const std::string& name) {
        return std::ranges::binary_search(cluster.groups, name, {}, name_of);
    });
    if (scope.listing_complete) {
        for (const std::string& name : absent) {
            memory.save(gone_key(name), {}, now);
        }
        return absent;
    }
    for (std::string& name : absent) {
        cluster.groups.push_back(make_remembered(std::move(name)));
    }
    std::ranges::sort(cluster.groups, {}, name_of);
    return {};
}

}  // namespace caretaker
