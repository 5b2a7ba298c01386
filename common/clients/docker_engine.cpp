// SPDX-License-Identifier: Apache-2.0
#include "common/clients/docker_engine.hpp"

#include "common/base/error.hpp"
#include "common/http/http_status.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_view.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace caretaker {

namespace {

/// Of the API, the minor ones: 1.24 came with Engine 1.12, 1.51 with 28.3.
constexpr int oldest_known = 24;
constexpr int newest_known = 51;

constexpr int bad_request = 400;
constexpr int not_found = 404;
constexpr int conflict = 409;

constexpr int first_with_build_cache = 39;
constexpr int first_with_shared_size = 42;
constexpr int first_with_reserved_space = 48;

/// Removing a large image and adding up sizes take minutes, in which the Engine says nothing.
constexpr auto long_timeout = std::chrono::minutes(10);

constexpr std::string_view no_name = "<none>";

template <typename Read>
void read_answer(const HttpResponse& response, const Read& read) {
    const std::string what = fmt::format("docker: {}", response.url);
    try {
        read(JsonDocument::parse(response.body, what).root());
    } catch (const JsonError& error) {  // nothing may follow from such an answer
        throw RemoteError(RemoteFailure::unreachable, error.code(), error.what());
    }
}

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

/// "1.41" → 41; 0 for what is no version 1.
int minor_version(std::string_view text) {
    constexpr std::string_view major = "1.";
    int minor = 0;
    if (text.starts_with(major)) {
        std::from_chars(text.data() + major.size(), text.data() + text.size(), minor);
    }
    return minor;
}

/// The message in an answer's body.
std::string message_in(const HttpResponse& response) {
    try {
        return std::string(
            JsonDocument::parse(response.body, "docker").root().at("message").text());
    } catch (const JsonError&) {  // then the body itself says most
        return response.body.substr(0, response.body.find('\n'));
    }
}

std::string encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~/:@").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

std::optional<DockerTime> parse_docker_time(std::string_view text) {
    const auto time = parse_rfc3339(text);
    return time && *time > DockerTime{} ? time : std::nullopt;
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

DockerRemoval judge_docker_removal(const HttpResponse& response) {
    using Outcome = DockerRemoval::Outcome;
    if (response.ok() || response.status == not_found) {
        return {};
    }
    std::string message = message_in(response);
    const bool under_way = message.find("already in progress") != std::string::npos;
    if ((response.status == conflict || response.status == bad_request) && under_way) {
        return {};
    }
    if (message.empty()) {
        message = fmt::format("the Engine answered {} without a word", response.status);
    }
    if (response.status == conflict) {
        return {.outcome = Outcome::changed, .message = std::move(message)};
    }
    return {.outcome = Outcome::failed, .message = std::move(message)};
}

void DockerEngine::agree_on_version() {
    if (!version_.empty()) {
        return;
    }
    const HttpRequest request{.url = "/version"};
    const HttpResponse response = http_.send(request);
    if (!response.ok()) {
        throw describe_status("docker", request, response);
    }
    read_answer(response, [&](JsonView root) {
        const std::string newest = text_in(root, "ApiVersion");
        const std::string oldest = text_in(root, "MinAPIVersion");
        const int minor = std::min(minor_version(newest), newest_known);
        if (minor < oldest_known || minor < minor_version(oldest)) {
            throw RemoteError(
                RemoteFailure::unreachable,
                "docker_version",
                fmt::format("docker: the Engine speaks API {} to {}, this program 1.{} to 1.{}; "
                            "one of them has to be updated",
                            oldest.empty() ? newest : oldest,
                            newest,
                            oldest_known,
                            newest_known));
        }
        version_ = fmt::format("/v1.{}", minor);
        minor_ = minor;
    });
}

HttpResponse DockerEngine::get(const std::string& path) {
    agree_on_version();
    const HttpRequest request{.url = version_ + path};
    HttpResponse response = http_.send(request);
    if (!response.ok() && response.status != not_found) {
        throw describe_status("docker", request, response);
    }
    return response;
}

DockerRemoval DockerEngine::remove(const std::string& path, const std::string& thing) {
    agree_on_version();
    try {
        return judge_docker_removal(http_.send({.method = HttpMethod::del,
                                                .url = version_ + path,
                                                .timeout = long_timeout,
                                                .may_be_silent = true}));
    } catch (
        const RemoteError& error) {  // one that takes too long is looked up, and the rest goes on
        if (!error.may_have_arrived()) {
            throw;
        }
        if (get(thing).status == not_found) {
            return {};
        }
        return {.outcome = DockerRemoval::Outcome::failed,
                .message = fmt::format("{}; it is still there", error.what())};
    }
}

std::vector<DockerContainer> DockerEngine::fetch_containers() {
    std::vector<DockerContainer> containers;
    read_answer(get("/containers/json?all=1"), [&](JsonView root) {
        for (const JsonView& listed : root.elements()) {
            containers.push_back(parse_docker_container(listed));
        }
    });
    std::vector<DockerContainer> there;
    for (DockerContainer& container : containers) {
        const HttpResponse details = get(fmt::format("/containers/{}/json", container.id));
        if (details.status != not_found) {
            read_answer(details, [&](JsonView root) { add_container_details(root, container); });
            there.push_back(std::move(container));
        }
    }
    return there;
}

std::vector<DockerImage> DockerEngine::fetch_images(bool with_shared) {
    agree_on_version();
    const bool asks = with_shared && minor_ >= first_with_shared_size;
    std::vector<DockerImage> images;
    read_answer(get(asks ? "/images/json?all=1&shared-size=1" : "/images/json?all=1"),
                [&](JsonView root) {
                    for (const JsonView& listed : root.elements()) {
                        images.push_back(parse_docker_image(listed));
                    }
                });
    std::set<std::string> parents;
    for (const DockerImage& image : images) {
        parents.insert(image.parent);
    }
    std::vector<DockerImage> there;
    for (DockerImage& image : images) {
        if (!image.tags.empty() || !parents.contains(image.id)) {
            const HttpResponse details = get(fmt::format("/images/{}/json", image.id));
            if (details.status == not_found) {
                continue;
            }
            read_answer(details, [&](JsonView root) { add_image_details(root, image); });
        }
        there.push_back(std::move(image));
    }
    return there;
}

std::vector<DockerVolume> DockerEngine::fetch_volumes() {
    std::vector<DockerVolume> volumes;
    read_answer(get("/volumes"), [&](JsonView root) {
        if (const auto list = root.find("Volumes")) {
            for (const JsonView& listed : list->elements()) {
                volumes.push_back(parse_docker_volume(listed));
            }
        }
    });
    return volumes;
}

DockerRemoval DockerEngine::remove_container(const std::string& id, bool with_volumes) {
    return remove(fmt::format("/containers/{}{}", encode(id), with_volumes ? "?v=1" : ""),
                  fmt::format("/containers/{}/json", encode(id)));
}

DockerRemoval DockerEngine::remove_image(const std::string& reference) {
    return remove(fmt::format("/images/{}?noprune=false", encode(reference)),
                  fmt::format("/images/{}/json", encode(reference)));
}

DockerRemoval DockerEngine::remove_volume(const std::string& name) {
    return remove(fmt::format("/volumes/{}", encode(name)),
                  fmt::format("/volumes/{}", encode(name)));
}

std::vector<DockerCacheRecord> DockerEngine::fetch_build_cache() {
    agree_on_version();
    std::vector<DockerCacheRecord> records;
    if (minor_ < first_with_build_cache) {
        return records;
    }
    const HttpRequest request{.url = version_ + "/system/df?type=build-cache",
                              .timeout = long_timeout,
                              .may_be_silent = true};
    const HttpResponse response = http_.send(request);
    if (!response.ok()) {
        throw describe_status("docker", request, response);
    }
    read_answer(response, [&](JsonView root) {
        if (const auto list = root.find("BuildCache")) {
            for (const JsonView& listed : list->elements()) {
                records.push_back(parse_docker_cache_record(listed));
            }
        }
    });
    return records;
}

DockerCachePrune DockerEngine::prune_build_cache(std::chrono::seconds unused_for,
                                                 std::uint64_t keep) {
    agree_on_version();
    const std::string_view limit =
        minor_ < first_with_reserved_space ? "keep-storage" : "reserved-space";
    const HttpResponse response = http_.send(
        {.method = HttpMethod::post,
         .url = fmt::format("{}/build/prune?all=1&{}={}&filters={}",
                            version_,
                            limit,
                            keep,
                            encode(fmt::format(R"({{"until":["{}s"]}})", unused_for.count()))),
         .effect = HttpEffect::repeatable_change,
         .timeout = long_timeout,
         .may_be_silent = true});
    DockerCachePrune prune{.removal = judge_docker_removal(response)};
    if (response.ok()) {
        read_answer(response, [&](JsonView root) {
            const auto freed = root.find("SpaceReclaimed");
            prune.freed =
                static_cast<std::uint64_t>(std::max<std::int64_t>(freed ? freed->integer() : 0, 0));
        });
    }
    return prune;
}

}  // namespace caretaker
