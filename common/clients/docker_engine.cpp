// SPDX-License-Identifier: Apache-2.0
#include "common/clients/docker_engine.hpp"

#include "common/base/error.hpp"
#include "common/clients/docker_answers.hpp"
#include "common/http/http_status.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_view.hpp"

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

template <typename Read>
void read_answer(const HttpResponse& response, const Read& read) {
    const std::string what = fmt::format("docker: {}", response.url);
    try {
        read(JsonDocument::parse(response.body, what).root());
    } catch (const JsonError& error) {  // nothing may follow from such an answer
        throw RemoteError(RemoteFailure::unreachable, error.code(), error.what());
    }
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
        const auto [newest, oldest] = parse_docker_versions(root);
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

std::string DockerEngine::fetch_root_directory() {
    std::string directory;
    read_answer(get("/info"), [&](JsonView root) {
        if (const auto found = root.find("DockerRootDir")) {
            directory = found->text();
        }
    });
    return directory;
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
