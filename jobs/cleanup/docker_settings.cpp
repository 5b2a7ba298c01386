// SPDX-License-Identifier: Apache-2.0
#include "common/base/error.hpp"
#include "common/clients/http_settings.hpp"
#include "common/config/settings.hpp"
#include "jobs/cleanup/docker_part.hpp"
#include "jobs/cleanup/percent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::string_view section = "cleanup.docker.";
constexpr const char* default_socket = "unix:///var/run/docker.sock";

constexpr std::array<std::string_view, 5> removable{
    "containers", "images", "volumes", "build_cache", "logs"};
constexpr std::array<std::string_view, 3> ended_states{"exited", "dead", "created"};

std::string key(std::string_view name) {
    return fmt::format("{}{}", section, name);
}

/// Only words of `known`; throws UsageError for others.
std::vector<std::string> words(const Settings& settings,
                               std::string_view name,
                               std::span<const std::string_view> known) {
    std::vector<std::string> result = settings.texts(key(name));
    for (const std::string& word : result) {
        if (std::ranges::find(known, word) == known.end()) {
            throw UsageError(
                fmt::format("{}: '{}' is none of {}", key(name), word, fmt::join(known, ", ")));
        }
    }
    return result;
}

ServiceOptions load_engine(const Settings& settings, const std::string& target) {
    if (!settings.texts(fmt::format("targets.{}.docker.urls", target)).empty()) {
        return load_http_options(settings, target, "docker");
    }
    const char* const host = std::getenv("DOCKER_HOST");
    const bool is_socket = host != nullptr && std::string_view(host).starts_with("unix://");
    const std::vector<std::string> urls{is_socket ? host : default_socket};
    return load_http_options(settings, target, "docker", {.name = "DOCKER_HOST", .urls = urls});
}

}  // namespace

std::optional<DockerSettings> load_docker_settings(const Settings& settings,
                                                   const std::string& target) {
    const std::vector<std::string> kinds = words(settings, "remove", removable);
    if (kinds.empty()) {
        return std::nullopt;
    }
    const auto is_wanted = [&](std::string_view kind) {
        return std::ranges::find(kinds, kind) != kinds.end();
    };
    DockerSettings result{
        .engine = load_engine(settings, target),
        .remove_anonymous_volumes = settings.flag(key("containers.remove_anonymous_volumes"))};
    if (is_wanted("containers")) {
        result.containers = ContainerPolicy{
            .older_than = settings.duration(key("containers.older_than")),
            .mesos_older_than = settings.duration(key("containers.mesos_older_than")),
            .states = words(settings, "containers.states", ended_states),
            .exclude_names = settings.texts(key("containers.exclude_names")),
            .exclude_images = settings.texts(key("containers.exclude_images")),
            .exclude_labels = settings.texts(key("containers.exclude_labels"))};
    }
    if (is_wanted("images")) {
        result.images =
            ImagePolicy{.older_than = settings.duration(key("images.older_than")),
                        .dangling_older_than = settings.duration(key("images.dangling_older_than")),
                        .keep_newest_tags = settings.integer(key("images.keep_newest_tags")),
                        .exclude = settings.texts(key("images.exclude")),
                        .exclude_labels = settings.texts(key("images.exclude_labels"))};
        if (const auto size = settings.bytes(key("images.max_total_size")); size > 0) {
            result.images->max_total_size = size;
        }
        if (const std::string share = settings.text(key("images.only_below_free"));
            !share.empty()) {
            result.images->only_below_free = parse_percent(share);
            if (!result.images->only_below_free) {
                throw UsageError(fmt::format("{}: '{}' is no share; write it like 15%",
                                             key("images.only_below_free"),
                                             share));
            }
        }
    }
    if (is_wanted("volumes")) {
        result.volumes =
            VolumePolicy{.anonymous_only = settings.text(key("volumes.mode")) == "anonymous",
                         .older_than = settings.duration(key("volumes.older_than")),
                         .exclude_names = settings.texts(key("volumes.exclude_names")),
                         .exclude_labels = settings.texts(key("volumes.exclude_labels"))};
    }
    if (is_wanted("build_cache")) {
        result.build_cache =
            BuildCachePolicy{.unused_for = settings.duration(key("build_cache.unused_for")),
                             .keep = settings.bytes(key("build_cache.keep"))};
    }
    if (is_wanted("logs")) {
        result.logs = LogPolicy{.truncate_over = settings.bytes(key("logs.truncate_over"))};
    }
    return result;
}

}  // namespace caretaker
