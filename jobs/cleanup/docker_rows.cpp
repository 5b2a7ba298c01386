// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/docker_rows.hpp"

#include "jobs/cleanup/docker_actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::string_view part = "docker";

std::string result_of(const Action& action) {
    switch (action.state) {
        case ActionState::would:
            return "planned";
        case ActionState::failed:
            return fmt::format("failed: {}", action.error);
        case ActionState::skipped:
            return action.error.starts_with(changed_words) ? action.error : "skipped";
        case ActionState::done:
        case ActionState::started:
        case ActionState::unknown:
            break;
    }
    return std::string(to_string(action.state));
}

bool is_there(const DockerFacts& facts, const SavedThing& thing) {
    const auto is_named = [&](const auto& one) { return one.id == thing.object; };
    if (thing.kind == info_of(DockerKind::container).row) {
        return std::ranges::any_of(facts.containers, is_named);
    }
    if (thing.kind == info_of(DockerKind::image).row) {
        return std::ranges::any_of(facts.images, [&](const DockerImage& image) {
            const auto holds = [&](const std::vector<std::string>& names) {
                return std::ranges::find(names, thing.path) != names.end();
            };
            return is_named(image) &&
                   (thing.path == image.id || holds(image.tags) || holds(image.digests));
        });
    }
    if (thing.kind == info_of(DockerKind::volume).row) {
        return std::ranges::find(facts.volumes, thing.object, &DockerVolume::name) !=
               facts.volumes.end();
    }
    return true;
}

}  // namespace

PlannedRow row_of(const PlannedRemoval& removal, const Action& action) {
    return {.part = std::string(part),
            .rule = std::string(part),
            .kind = info_of(removal.kind).row,
            .path = removal.name,
            .object = removal.id,
            .bytes = static_cast<std::int64_t>(removal.bytes),
            .reason = removal.reason,
            .result = result_of(action)};
}

void DockerSavedPlan::keep_to(std::vector<PlannedRemoval>& removals) {
    std::erase_if(removals, [&](const PlannedRemoval& removal) {
        const auto index = saved_.find({.kind = info_of(removal.kind).row,
                                        .rule = part,
                                        .path = removal.name,
                                        .object = removal.id});
        if (!index || removal.kind == DockerKind::build_cache) {
            return true;
        }
        found_.insert(*index);
        return false;
    });
}

std::vector<Strayed> DockerSavedPlan::find_strayed(const DockerFacts& facts) const {
    std::vector<Strayed> strayed;
    for (std::size_t i = 0; i < saved_.things().size(); ++i) {
        const SavedThing& thing = saved_.things()[i];
        if (thing.part != part || found_.contains(i)) {
            continue;
        }
        const bool is_cache = thing.kind == info_of(DockerKind::build_cache).row;
        strayed.push_back({.thing = thing,
                           .is_gone = !is_there(facts, thing),
                           .reason = is_cache
                                         ? "the Engine chooses what goes of it, which no saved "
                                           "plan can tell"
                                         : ""});
    }
    return strayed;
}

}  // namespace caretaker
