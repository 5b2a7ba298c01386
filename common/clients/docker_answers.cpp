// SPDX-License-Identifier: Apache-2.0
#include "common/clients/docker_answers.hpp"

#include "common/json/json_view.hpp"
#include "common/text/timestamp.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::string_view no_name = "<none>";

std::string text_in(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member ? std::string(member->text()) : std::string();
}

DockerLabels labels_in(JsonView object) {
    DockerLabels labels;
    if (const auto member = object.find("Labels")) {
        for (const JsonMember& label : member->members()) {
            labels.emplace_back(label.name, label.value.text());
        }
    }
    return labels;
}

std::vector<std::string> texts_in(JsonView object, std::string_view name) {
    std::vector<std::string> texts;
    if (const auto member = object.find(name)) {
        for (const JsonView& element : member->elements()) {
            texts.emplace_back(element.text());
        }
    }
    return texts;
}

/// Untagged images are called `<none>:<none>` up to API 1.42.
std::vector<std::string> names_in(JsonView object, std::string_view name) {
    std::vector<std::string> texts = texts_in(object, name);
    std::erase_if(texts, [](const std::string& text) { return text.starts_with(no_name); });
    return texts;
}

}  // namespace

std::optional<DockerTime> parse_docker_time(std::string_view text) {
    const auto time = parse_rfc3339(text);
    return time && *time > DockerTime{} ? time : std::nullopt;
}

DockerVersions parse_docker_versions(JsonView root) {
    return {.newest = text_in(root, "ApiVersion"), .oldest = text_in(root, "MinAPIVersion")};
}

DockerContainer parse_docker_container(JsonView listed) {
    DockerContainer container{
        .id = std::string(listed.at("Id").text()),
        .image = text_in(listed, "Image"),
        .image_id = text_in(listed, "ImageID"),
        .state = text_in(listed, "State"),
        .created = DockerTime(std::chrono::seconds(listed.at("Created").integer())),
        .labels = labels_in(listed)};
    const std::vector<std::string> names = texts_in(listed, "Names");
    if (!names.empty()) {
        container.name = names.front().substr(names.front().starts_with('/') ? 1 : 0);
    }
    return container;
}

void add_container_details(JsonView details, DockerContainer& container) {
    const JsonView state = details.at("State");
    container.state = text_in(state, "Status");
    container.finished = parse_docker_time(text_in(state, "FinishedAt"));
    container.image_id = text_in(details, "Image");
    if (const auto made_by = details.find("Config")) {
        container.asked_image = text_in(*made_by, "Image");
    }
    if (const auto mounts = details.find("Mounts")) {
        for (const JsonView& mount : mounts->elements()) {
            if (std::string name = text_in(mount, "Name"); !name.empty()) {
                container.volumes.push_back(std::move(name));
            }
        }
    }
    const auto config = details.find("HostConfig");
    if (!config) {
        return;
    }
    if (const auto log = config->find("LogConfig"); log && text_in(*log, "Type") == "json-file") {
        container.log_path = text_in(details, "LogPath");
        const auto options = log->find("Config");
        container.log_is_limited = options && options->find("max-size").has_value();
    }
    for (const std::string& from : texts_in(*config, "VolumesFrom")) {
        container.borrows.push_back(from.substr(0, from.find(':')));
    }
    constexpr std::string_view prefix = "container:";
    for (const char* mode : {"NetworkMode", "PidMode", "IpcMode"}) {
        const std::string text = text_in(*config, mode);
        if (text.starts_with(prefix)) {
            container.borrows.push_back(text.substr(prefix.size()));
        }
    }
}

DockerImage parse_docker_image(JsonView listed) {
    const auto number = [&](std::string_view name) {
        const auto member = listed.find(name);
        return static_cast<std::uint64_t>(
            std::max<std::int64_t>(member ? member->integer() : 0, 0));
    };
    return {.id = std::string(listed.at("Id").text()),
            .parent = text_in(listed, "ParentId"),
            .tags = names_in(listed, "RepoTags"),
            .digests = names_in(listed, "RepoDigests"),
            .size = number("Size"),
            .shared = number("SharedSize"),
            .labels = labels_in(listed)};
}

void add_image_details(JsonView details, DockerImage& image) {
    if (const auto metadata = details.find("Metadata")) {
        image.tagged = parse_docker_time(text_in(*metadata, "LastTagTime"));
    }
    if (image.parent.empty()) {
        image.parent = text_in(details, "Parent");
    }
}

DockerVolume parse_docker_volume(JsonView listed) {
    const auto options = listed.find("Options");
    return {.name = std::string(listed.at("Name").text()),
            .driver = text_in(listed, "Driver"),
            .has_options = options && !options->members().empty(),
            .labels = labels_in(listed)};
}

DockerCacheRecord parse_docker_cache_record(JsonView listed) {
    const auto flag = [&](std::string_view name) {
        const auto member = listed.find(name);
        return member && member->flag();
    };
    const auto used = parse_docker_time(text_in(listed, "LastUsedAt"));
    const auto made = parse_docker_time(text_in(listed, "CreatedAt"));
    return {
        .size = static_cast<std::uint64_t>(std::max<std::int64_t>(listed.at("Size").integer(), 0)),
        .in_use = flag("InUse"),
        .shared = flag("Shared"),
        .last_used = used.value_or(made.value_or(DockerTime::max()))};
}

}  // namespace caretaker
