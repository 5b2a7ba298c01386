// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/docker_plan.hpp"

#include "jobs/cleanup/docker_filters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace caretaker {

namespace {

using Ids = DockerIds;

/// Those that stay because of one that stays, and those that those stay for, and so on.
void keep_lenders(const std::vector<DockerContainer>& containers, Ids& going) {
    for (bool changed = true; changed;) {
        changed = false;
        for (const DockerContainer& borrower : containers) {
            if (going.contains(borrower.id)) {
                continue;
            }
            for (const std::string& lender : borrower.borrows) {
                const auto found =
                    std::ranges::find_if(containers, [&](const DockerContainer& other) {
                        return other.name == lender || other.id.starts_with(lender);
                    });
                changed = (found != containers.end() && going.erase(found->id) > 0) || changed;
            }
        }
    }
}

bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_uuid(std::string_view text) {
    constexpr std::array<std::size_t, 5> lengths{8, 4, 4, 4, 12};
    for (const std::size_t length : lengths) {
        const bool last = length == lengths.back();
        if (text.size() < length || !is_hex(text.substr(0, length)) ||
            (!last && text.substr(length, 1) != "-")) {
            return false;
        }
        text.remove_prefix(length + (last ? 0 : 1));
    }
    return text.empty();
}

}  // namespace

DockerPlan plan_containers(const DockerFacts& facts, const ContainerPolicy& policy) {
    DockerPlan plan;
    std::map<std::string, std::string> reasons;
    Ids going;
    for (const DockerContainer& container : facts.containers) {
        const bool may_go = container.state == "exited" || container.state == "dead" ||
                            container.state == "created";
        if (!may_go || std::ranges::find(policy.states, container.state) == policy.states.end()) {
            continue;
        }
        ++plan.universe;
        if (fits_any(policy.exclude_names, container.name) ||
            fits_any(policy.exclude_images, container.image) ||
            fits_any(policy.exclude_images, container.asked_image) ||
            has_label(policy.exclude_labels, container.labels)) {
            continue;
        }
        const bool never_ran = container.state == "created" || !container.finished;
        const auto age = facts.now - (never_ran ? container.created : *container.finished);
        const auto limit =
            is_mesos_container(container.name) ? policy.mesos_older_than : policy.older_than;
        if (age > limit) {
            going.insert(container.id);
            reasons[container.id] =
                fmt::format("{} {}", never_ran ? "created" : "ended", old_words(age, limit));
        }
    }
    keep_lenders(facts.containers, going);
    for (const DockerContainer& container : facts.containers) {
        if (going.contains(container.id)) {
            plan.removals.push_back({.kind = DockerKind::container,
                                     .name = container.name,
                                     .id = container.id,
                                     .reason = reasons[container.id]});
        }
    }
    return plan;
}

DockerPlan plan_volumes(const DockerFacts& facts,
                        const VolumePolicy& policy,
                        const std::vector<PlannedRemoval>& gone) {
    constexpr std::size_t anonymous_length = 64;
    constexpr std::string_view anonymous_label = "com.docker.volume.anonymous";
    const Ids gone_containers = ids_of(gone, DockerKind::container);
    Ids used;
    for (const DockerContainer& container : facts.containers) {
        if (!gone_containers.contains(container.id)) {
            used.insert(container.volumes.begin(), container.volumes.end());
        }
    }
    DockerPlan plan;
    for (const DockerVolume& volume : facts.volumes) {
        const bool anonymous = (volume.name.size() == anonymous_length && is_hex(volume.name)) ||
                               has_label({std::string(anonymous_label)}, volume.labels);
        if (volume.driver != "local" || volume.has_options ||
            (policy.anonymous_only && !anonymous)) {
            continue;
        }
        ++plan.universe;
        const auto memory = facts.volume_memory.find(volume.name);
        if (used.contains(volume.name) || memory == facts.volume_memory.end() ||
            fits_any(policy.exclude_names, volume.name) ||
            has_label(policy.exclude_labels, volume.labels)) {
            continue;
        }
        const auto age = facts.now - memory->second.first_seen;
        if (age > policy.older_than) {
            plan.removals.push_back({.kind = DockerKind::volume,
                                     .name = volume.name,
                                     .id = volume.name,
                                     .reason = fmt::format("without a container since {}",
                                                           old_words(age, policy.older_than))});
        }
    }
    return plan;
}

DockerMemories remember_images(const DockerFacts& facts, const DockerMemories& before) {
    Ids used;
    for (const DockerContainer& container : facts.containers) {
        used.insert(container.image_id);
    }
    DockerMemories after;
    for (const DockerImage& image : facts.images) {
        const auto known = before.find(image.id);
        DockerMemory memory =
            known == before.end() ? DockerMemory{.first_seen = facts.now} : known->second;
        if (used.contains(image.id)) {
            memory.last_used = facts.now;
        }
        after.emplace(image.id, memory);
    }
    return after;
}

DockerMemories remember_volumes(const DockerFacts& facts, const DockerMemories& before) {
    Ids used;
    for (const DockerContainer& container : facts.containers) {
        used.insert(container.volumes.begin(), container.volumes.end());
    }
    DockerMemories after;
    for (const DockerVolume& volume : facts.volumes) {
        if (used.contains(volume.name)) {
            continue;
        }
        const auto known = before.find(volume.name);
        after.emplace(
            volume.name,
            known == before.end() ? DockerMemory{.first_seen = facts.now} : known->second);
    }
    return after;
}

bool is_mesos_container(std::string_view name) {
    constexpr std::string_view prefix = "mesos-";
    constexpr std::string_view suffix = ".executor";
    if (!name.starts_with(prefix)) {
        return false;
    }
    name.remove_prefix(prefix.size());
    if (name.ends_with(suffix)) {
        name.remove_suffix(suffix.size());
    }
    return is_uuid(name.substr(name.rfind('.') + 1));
}

}  // namespace caretaker
