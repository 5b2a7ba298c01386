// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/docker_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace caretaker::sandbox {

namespace {

/// The only value whose id begins so; nullptr for none or several.
template <typename Map>
const typename Map::mapped_type* find_by_beginning(const Map& map, const std::string& beginning) {
    const auto first = map.lower_bound(beginning);
    if (beginning.empty() || first == map.end() || !first->first.starts_with(beginning)) {
        return nullptr;
    }
    const auto next = std::next(first);
    const bool is_ambiguous = next != map.end() && next->first.starts_with(beginning);
    return is_ambiguous && first->first != beginning ? nullptr : &first->second;
}

}  // namespace

std::string DockerApiVersion::text() const {
    return fmt::format("1.{}", minor);
}

std::optional<DockerApiVersion> parse_docker_api_version(std::string_view text) {
    DockerApiVersion version;
    if (!text.starts_with("1.")) {
        return std::nullopt;
    }
    const char* const end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data() + 2, end, version.minor);
    return error == std::errc{} && read == end ? std::optional(version) : std::nullopt;
}

bool FakeContainer::is_running() const {
    return state == "running" || state == "paused" || state == "restarting";
}

void DockerState::record(std::string type, std::string action, std::string id, std::string name) {
    events.push_back({.type = std::move(type),
                      .action = std::move(action),
                      .id = std::move(id),
                      .name = std::move(name),
                      .time_ms = now_ms});
}

const FakeContainer* DockerState::find_container(std::string_view reference) const {
    if (reference.starts_with('/')) {
        reference.remove_prefix(1);
    }
    for (const auto& [id, container] : containers) {
        if (container.name == reference) {
            return &container;
        }
    }
    return find_by_beginning(containers, std::string(reference));
}

const FakeImage* DockerState::find_image(std::string_view reference) const {
    const std::size_t slash = std::min(reference.rfind('/'), reference.size());
    const bool has_tag =
        reference.find(':', slash == reference.size() ? 0 : slash) != std::string_view::npos;
    const std::string tagged =
        has_tag ? std::string(reference) : fmt::format("{}:latest", reference);
    for (const auto& [id, image] : images) {
        if (std::ranges::find(image.tags, tagged) != image.tags.end() ||
            std::ranges::find(image.digests, reference) != image.digests.end()) {
            return &image;
        }
    }
    const std::string_view prefix = "sha256:";
    return find_by_beginning(images,
                             reference.starts_with(prefix)
                                 ? std::string(reference)
                                 : fmt::format("{}{}", prefix, reference));
}

const FakeNetwork* DockerState::find_network(std::string_view reference) const {
    for (const auto& [id, network] : networks) {
        if (network.name == reference) {
            return &network;
        }
    }
    return find_by_beginning(networks, std::string(reference));
}

std::vector<std::string> DockerState::users_of_volume(std::string_view name) const {
    std::vector<std::string> users;
    for (const auto& [id, container] : containers) {
        const bool uses = std::ranges::any_of(container.mounts, [&](const FakeMount& mount) {
            return mount.type == "volume" && mount.name == name;
        });
        if (uses) {
            users.push_back(id);
        }
    }
    return users;
}

}  // namespace caretaker::sandbox
