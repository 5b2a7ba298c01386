// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/docker_removal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace caretaker::sandbox {

namespace {

std::string short_id(std::string_view id) {
    if (id.starts_with("sha256:")) {
        id.remove_prefix(std::string_view("sha256:").size());
    }
    return std::string(id.substr(0, 12));
}

std::vector<const FakeContainer*> users_of_image(const DockerState& state, const std::string& id) {
    std::vector<const FakeContainer*> users;
    for (const auto& [key, container] : state.containers) {
        if (container.image_id == id) {
            users.push_back(&container);
        }
    }
    return users;
}

bool has_children(const DockerState& state, const std::string& id) {
    return std::ranges::any_of(state.images,
                               [&](const auto& entry) { return entry.second.parent == id; });
}

std::string repository_of(std::string_view reference) {
    if (const std::size_t digest = reference.find('@'); digest != std::string_view::npos) {
        return std::string(reference.substr(0, digest));
    }
    const std::size_t slash = std::min(reference.rfind('/'), reference.size());
    const std::size_t colon = reference.find(':', slash == reference.size() ? 0 : slash);
    return std::string(reference.substr(0, colon));
}

[[noreturn]] void refuse_in_use(const FakeContainer& user, const std::string& id) {
    throw DockerRefusal{
        409,
        fmt::format("conflict: unable to delete {} ({}) - image is being used by {} container {}",
                    short_id(id),
                    user.is_running() ? "cannot be forced" : "must be forced",
                    user.is_running() ? "running" : "stopped",
                    short_id(user.id))};
}

/// Takes the image and, where they have no name and nobody else needs them, its parents.
void delete_image(DockerState& state,
                  std::string id,
                  bool keeps_parents,
                  std::vector<RemovedImage>& removed) {
    while (true) {
        const std::string parent = state.images.at(id).parent;
        state.images.erase(id);
        state.record("image", "delete", id, id);
        removed.push_back({.is_deleted = true, .what = id});
        const auto found = state.images.find(parent);
        if (keeps_parents || found == state.images.end() || !found->second.tags.empty() ||
            !found->second.digests.empty() || has_children(state, parent) ||
            !users_of_image(state, parent).empty()) {
            return;
        }
        id = parent;
    }
}

void untag(DockerState& state,
           FakeImage& image,
           const std::string& name,
           std::vector<RemovedImage>& removed) {
    std::erase(image.tags, name);
    std::erase(image.digests, name);
    state.record("image", "untag", image.id, name);
    removed.push_back({.what = name});
}

/// Digests stay as long as a tag of the same repository does.
void drop_digests(DockerState& state,
                  FakeImage& image,
                  const std::string& repository,
                  std::vector<RemovedImage>& removed) {
    const bool has_tags = std::ranges::any_of(
        image.tags, [&](const std::string& tag) { return repository_of(tag) == repository; });
    if (has_tags) {
        return;
    }
    for (const std::string& digest : std::vector<std::string>(image.digests)) {
        if (repository_of(digest) == repository) {
            untag(state, image, digest, removed);
        }
    }
}

/// "repo" stands for "repo:latest".
std::string full_name(const FakeImage& image, const std::string& reference) {
    const bool is_there = std::ranges::find(image.tags, reference) != image.tags.end() ||
                          std::ranges::find(image.digests, reference) != image.digests.end();
    return is_there ? reference : reference + ":latest";
}

bool is_name_of(const FakeImage& image, const std::string& reference) {
    const std::string name = full_name(image, reference);
    return std::ranges::find(image.tags, name) != image.tags.end() ||
           std::ranges::find(image.digests, name) != image.digests.end();
}

std::vector<RemovedImage> remove_by_name(DockerState& state,
                                         FakeImage& image,
                                         const std::string& name,
                                         bool is_forced,
                                         bool keeps_parents) {
    const std::string id = image.id;
    std::set<std::string> others(image.tags.begin(), image.tags.end());
    others.erase(name);
    const std::string repository = repository_of(name);
    for (const std::string& digest : image.digests) {
        if (digest != name && repository_of(digest) != repository) {
            others.insert(digest);
        }
    }
    // While another name is left, nobody asks who uses the image.
    const auto users = users_of_image(state, id);
    if (others.empty() && !users.empty() && !is_forced) {
        throw DockerRefusal{
            409,
            fmt::format("conflict: unable to remove repository reference \"{}\" (must force) - "
                        "container {} is using its referenced image {}",
                        name,
                        short_id(users.front()->id),
                        short_id(id))};
    }
    std::vector<RemovedImage> removed;
    untag(state, image, name, removed);
    drop_digests(state, image, repository, removed);
    if (image.tags.empty() && image.digests.empty() && users.empty() && !has_children(state, id)) {
        delete_image(state, id, keeps_parents, removed);
    }
    return removed;
}

std::vector<RemovedImage> remove_by_id(DockerState& state,
                                       FakeImage& image,
                                       bool is_forced,
                                       bool keeps_parents) {
    const std::string id = image.id;
    std::set<std::string> repositories;
    for (const std::string& tag : image.tags) {
        repositories.insert(repository_of(tag));
    }
    if (repositories.size() > 1 && !is_forced) {
        throw DockerRefusal{409,
                            fmt::format("conflict: unable to delete {} (must be forced) - image is "
                                        "referenced in multiple repositories",
                                        short_id(id))};
    }
    if (has_children(state, id)) {
        throw DockerRefusal{409,
                            fmt::format("conflict: unable to delete {} (cannot be forced) - image "
                                        "has dependent child images",
                                        short_id(id))};
    }
    for (const FakeContainer* const user : users_of_image(state, id)) {
        if (user->is_running() || !is_forced) {
            refuse_in_use(*user, id);
        }
    }
    std::vector<RemovedImage> removed;
    for (const std::vector<std::string>& names : {image.tags, image.digests}) {
        for (const std::string& name : names) {
            untag(state, image, name, removed);
        }
    }
    delete_image(state, id, keeps_parents, removed);
    return removed;
}

}  // namespace

void remove_container(DockerState& state,
                      std::string_view reference,
                      bool with_volumes,
                      bool is_forced) {
    const FakeContainer* const found = state.find_container(reference);
    if (found == nullptr) {
        throw DockerRefusal{404, fmt::format("No such container: {}", reference)};
    }
    if (found->state == "removing") {
        throw DockerRefusal{
            409, fmt::format("removal of container {} is already in progress", reference)};
    }
    if (found->is_running() && !is_forced) {
        throw DockerRefusal{
            409,
            fmt::format("You cannot remove a {} container {}. {} or force remove",
                        found->state,
                        found->id,
                        found->state == "paused"
                            ? "Unpause and then stop the container before attempting removal"
                            : "Stop the container before attempting removal")};
    }
    const FakeContainer container = *found;
    state.containers.erase(container.id);
    state.record("container", "destroy", container.id, container.name);
    for (const FakeMount& mount : container.mounts) {
        const auto volume = state.volumes.find(mount.name);
        if (with_volumes && volume != state.volumes.end() && volume->second.is_anonymous &&
            state.users_of_volume(mount.name).empty()) {
            state.volumes.erase(volume);
            state.record("volume", "destroy", mount.name, "");
        }
    }
}

std::vector<RemovedImage> remove_image(DockerState& state,
                                       const std::string& reference,
                                       bool is_forced,
                                       bool keeps_parents) {
    const FakeImage* const found = state.find_image(reference);
    if (found == nullptr) {
        throw DockerRefusal{404, fmt::format("No such image: {}", reference)};
    }
    FakeImage& image = state.images.at(found->id);
    return is_name_of(image, reference)
               ? remove_by_name(state, image, full_name(image, reference), is_forced, keeps_parents)
               : remove_by_id(state, image, is_forced, keeps_parents);
}

void remove_volume(DockerState& state, const std::string& name, bool is_forced) {
    const auto found = state.volumes.find(name);
    if (found == state.volumes.end()) {
        if (is_forced) {
            return;
        }
        throw DockerRefusal{404, fmt::format("get {}: no such volume", name)};
    }
    const auto users = state.users_of_volume(name);
    if (!users.empty()) {
        throw DockerRefusal{409,
                            fmt::format("remove {}: volume is in use - [{}]", name, users.front())};
    }
    state.volumes.erase(found);
    state.record("volume", "destroy", name, "");
}

void remove_network(DockerState& state, std::string_view reference) {
    const FakeNetwork* const found = state.find_network(reference);
    if (found == nullptr) {
        throw DockerRefusal{404, fmt::format("network {} not found", reference)};
    }
    if (found->is_predefined) {
        throw DockerRefusal{
            403, fmt::format("{} is a pre-defined network and cannot be removed", found->name)};
    }
    for (const auto& [id, container] : state.containers) {
        if (container.is_running() &&
            std::ranges::find(container.networks, found->name) != container.networks.end()) {
            throw DockerRefusal{403,
                                fmt::format("error while removing network: network {} id {} has "
                                            "active endpoints",
                                            found->name,
                                            found->id)};
        }
    }
    const std::string id = found->id;
    const std::string name = found->name;
    state.networks.erase(id);
    state.record("network", "destroy", id, name);
}

namespace {

void refuse_second_prune(const DockerState& state) {
    if (state.is_pruning) {
        throw DockerRefusal{409, "a prune operation is already running"};
    }
}

}  // namespace

Pruned prune_containers(DockerState& state, const DockerFilters& filters) {
    refuse_second_prune(state);
    const auto until = filters.until(state.now_ms);
    Pruned pruned;
    for (const auto& [id, container] : state.containers) {
        if (!container.is_running() && container.state != "removing" &&
            (!until || container.created_ms < *until) && filters.meet_labels(container.labels)) {
            pruned.names.push_back(id);
            pruned.bytes += container.written_bytes;
        }
    }
    for (const std::string& id : pruned.names) {
        remove_container(state, id, false, false);
    }
    state.record("container", "prune", "", "");
    return pruned;
}

Pruned prune_images(DockerState& state, const DockerFilters& filters) {
    refuse_second_prune(state);
    const bool only_dangling = filters.flag("dangling").value_or(true);
    const auto until = filters.until(state.now_ms);
    std::vector<std::string> ids;
    for (const auto& [id, image] : state.images) {
        const bool is_dangling = image.tags.empty() && image.digests.empty();
        if ((is_dangling || !only_dangling) && (!until || image.created_ms < *until) &&
            filters.meet_labels(image.labels) && users_of_image(state, id).empty()) {
            ids.push_back(id);
        }
    }
    Pruned pruned;
    for (const std::string& id : ids) {
        const auto found = state.images.find(id);
        if (found == state.images.end() || has_children(state, id)) {
            continue;
        }
        pruned.bytes += found->second.size - found->second.shared_size;
        const auto removed = remove_by_id(state, found->second, true, false);
        pruned.images.insert(pruned.images.end(), removed.begin(), removed.end());
    }
    state.record("image", "prune", "", "");
    return pruned;
}

Pruned prune_volumes(DockerState& state, const DockerFilters& filters, DockerApiVersion version) {
    refuse_second_prune(state);
    const bool also_named = version.minor < 42 || filters.flag("all").value_or(false);
    Pruned pruned;
    for (const auto& [name, volume] : state.volumes) {
        if (volume.driver == "local" && (also_named || volume.is_anonymous) &&
            filters.meet_labels(volume.labels) && state.users_of_volume(name).empty()) {
            pruned.names.push_back(name);
            pruned.bytes += volume.size;
        }
    }
    for (const std::string& name : pruned.names) {
        remove_volume(state, name, false);
    }
    state.record("volume", "prune", "", "");
    return pruned;
}

Pruned prune_networks(DockerState& state, const DockerFilters& filters) {
    refuse_second_prune(state);
    const auto until = filters.until(state.now_ms);
    Pruned pruned;
    std::vector<std::string> ids;
    for (const auto& [id, network] : state.networks) {
        const bool is_used = std::ranges::any_of(state.containers, [&](const auto& entry) {
            return std::ranges::find(entry.second.networks, network.name) !=
                   entry.second.networks.end();
        });
        if (!network.is_predefined && !is_used && (!until || network.created_ms < *until) &&
            filters.meet_labels(network.labels)) {
            ids.push_back(id);
            pruned.names.push_back(network.name);
        }
    }
    for (const std::string& id : ids) {
        remove_network(state, id);
    }
    return pruned;
}

Pruned prune_cache(DockerState& state, const DockerFilters& filters, bool all, std::int64_t keep) {
    const auto until = filters.until(state.now_ms);
    std::vector<FakeCacheRecord> oldest_first = state.cache;
    const auto last_use = [](const FakeCacheRecord& record) {
        return record.used_ms.value_or(record.created_ms);
    };
    std::ranges::sort(oldest_first, {}, last_use);
    std::int64_t left = 0;
    for (const FakeCacheRecord& record : state.cache) {
        left += record.size;
    }
    Pruned pruned;
    for (const FakeCacheRecord& record : oldest_first) {
        if (record.is_in_use || (record.is_shared && !all) ||
            (until && last_use(record) >= *until) || (keep > 0 && left <= keep)) {
            continue;
        }
        left -= record.size;
        pruned.bytes += record.size;
        pruned.names.push_back(record.id);
    }
    std::erase_if(state.cache, [&](const FakeCacheRecord& record) {
        return std::ranges::find(pruned.names, record.id) != pruned.names.end();
    });
    state.record("builder", "prune", "", "");
    return pruned;
}

}  // namespace caretaker::sandbox
