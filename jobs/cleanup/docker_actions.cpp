// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/docker_actions.hpp"

#include "common/base/action_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <set>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::array<DockerKindInfo, 5> kinds{
    {{DockerKind::container, "remove_container", "container", "containers", 100},
     {DockerKind::image, "remove_image", "image", "images", 50},
     {DockerKind::volume, "remove_volume", "volume", "volumes", 30},
     {DockerKind::build_cache, "prune_build_cache", "cache", "build cache", 100},
     {DockerKind::log, "empty_log", "truncate", "logs", 100}}};

bool is_own(std::string_view action) {
    return std::ranges::any_of(kinds,
                               [&](const DockerKindInfo& info) { return info.action == action; });
}

}  // namespace

const DockerKindInfo& info_of(DockerKind kind) {
    return *std::ranges::find(kinds, kind, &DockerKindInfo::kind);
}

std::string identity_of(const PlannedRemoval& removal) {
    return removal.kind == DockerKind::image ? fmt::format("{} {}", removal.id, removal.name)
                                             : removal.id;
}

std::vector<SettledAction> settle_docker(const DockerFacts& facts,
                                         std::span<const UnsettledAction> unsettled) {
    std::set<std::string, std::less<>> there;
    for (const DockerContainer& container : facts.containers) {
        there.insert(container.id);
    }
    for (const DockerImage& image : facts.images) {
        for (const auto* names : {&image.tags, &image.digests}) {
            for (const std::string& name : *names) {
                there.insert(fmt::format("{} {}", image.id, name));
            }
        }
        there.insert(fmt::format("{} {}", image.id, image.id));
    }
    for (const DockerVolume& volume : facts.volumes) {
        there.insert(volume.name);
    }
    // Whether an interrupted one was the last one cannot be told: both are planned anew.
    for (const UnsettledAction& action : unsettled) {
        if (action.kind == info_of(DockerKind::build_cache).action ||
            action.kind == info_of(DockerKind::log).action) {
            there.insert(action.identity);
        }
    }
    std::vector<UnsettledAction> own;
    std::ranges::copy_if(unsettled, std::back_inserter(own), [](const UnsettledAction& action) {
        return is_own(action.kind);
    });
    return settle_deletions(own, [&](std::string_view id) { return there.contains(id); });
}

}  // namespace caretaker
