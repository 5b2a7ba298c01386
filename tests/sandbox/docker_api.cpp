// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/docker_api.hpp"

#include "common/text/glob.hpp"
#include "tests/sandbox/docker_documents.hpp"
#include "tests/sandbox/docker_removal.hpp"
#include "tests/sandbox/docker_request.hpp"
#include "tests/sandbox/faulty_http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

namespace caretaker::sandbox {

namespace {

class DockerApi {
 public:
    DockerApi(DockerState& state, const HttpRequest& request)
        : state_(state), asked_(read_docker_request(request, state)) {}

    ServedAnswer answer() {
        const auto& path = asked_.path;
        if (path.empty()) {
            throw page_not_found();
        }
        if (path[0] == "_ping" && is(1)) {
            return ping();
        }
        if (path[0] == "version" && is(1)) {
            return document([&](Json& json) { write_engine_version(json, state_); });
        }
        if (path[0] == "info" && is(1)) {
            return document([&](Json& json) { write_engine_info(json, state_); });
        }
        if (path[0] == "containers") {
            return answer_containers();
        }
        if (path[0] == "images") {
            return answer_images();
        }
        if (path[0] == "volumes") {
            return answer_volumes();
        }
        if (path[0] == "networks") {
            return answer_networks();
        }
        if (path[0] == "system" && is(2) && path[1] == "df") {
            return disk_usage();
        }
        if (path[0] == "build" && is_post(2) && path[1] == "prune") {
            return build_prune();
        }
        throw page_not_found();
    }

 private:
    [[nodiscard]] bool is(std::size_t segments) const {
        return asked_.path.size() == segments &&
               (asked_.method == HttpMethod::get || asked_.method == HttpMethod::head);
    }

    [[nodiscard]] bool is_post(std::size_t segments) const {
        return asked_.path.size() == segments && asked_.method == HttpMethod::post;
    }

    [[nodiscard]] bool is_delete(std::size_t segments) const {
        return asked_.path.size() == segments && asked_.method == HttpMethod::del;
    }

    static DockerRefusal page_not_found() { return {404, "page not found"}; }

    static ServedAnswer document(const std::function<void(Json&)>& write) {
        return json_answer(format_document(write));
    }

    [[nodiscard]] DockerFilters filters(std::initializer_list<std::string_view> known) const {
        return {asked_.parameter("filters"), known};
    }

    [[nodiscard]] ServedAnswer ping() const {
        return {.headers = {{"Api-Version", state_.max_api.text()},
                            {"Docker-Experimental", "false"},
                            {"Ostype", "linux"},
                            {"Cache-Control", "no-cache, no-store, must-revalidate"},
                            {"Content-Type", "text/plain; charset=utf-8"}},
                .body = "OK"};
    }

    /// Names of images have slashes: all between the first segment and `behind` at the end.
    [[nodiscard]] std::string joined_name(std::size_t behind) const {
        std::string name;
        for (std::size_t i = 1; i + behind < asked_.path.size(); ++i) {
            name += (name.empty() ? "" : "/") + asked_.path[i];
        }
        return name;
    }

    ServedAnswer answer_containers() {
        const auto& path = asked_.path;
        if (is(2) && path[1] == "json") {
            return list_containers();
        }
        if (is_post(2) && path[1] == "prune") {
            return pruned("ContainersDeleted",
                          prune_containers(state_, filters({"until", "label", "label!"})));
        }
        if (is(3) && path[2] == "json") {
            const FakeContainer& container = find_container(path[1]);
            return document([&](Json& json) { write_container(json, state_, container); });
        }
        if (is_delete(2)) {
            remove_container(state_, path[1], asked_.flag("v"), asked_.flag("force"));
            return {.status = 204};
        }
        if (is_post(3)) {
            return change_container(path[1], path[2]);
        }
        throw page_not_found();
    }

    [[nodiscard]] FakeContainer& find_container(const std::string& reference) {
        const FakeContainer* const found = state_.find_container(reference);
        if (found == nullptr) {
            throw DockerRefusal{404, fmt::format("No such container: {}", reference)};
        }
        return state_.containers.at(found->id);
    }

    ServedAnswer list_containers() {
        const DockerFilters wanted = filters({"status",
                                              "name",
                                              "id",
                                              "label",
                                              "exited",
                                              "volume",
                                              "network",
                                              "ancestor",
                                              "before",
                                              "since",
                                              "is-task",
                                              "expose",
                                              "publish",
                                              "health",
                                              "isolation"});
        std::vector<const FakeContainer*> found;
        for (const auto& [id, container] : state_.containers) {
            const bool is_shown =
                container.is_running() || asked_.flag("all") || wanted.has("status");
            if (is_shown && fits(container, wanted)) {
                found.push_back(&container);
            }
        }
        std::ranges::stable_sort(found, [](const FakeContainer* a, const FakeContainer* b) {
            return a->created_ms > b->created_ms;
        });
        return document([&](Json& json) {
            json.begin_array();
            for (const FakeContainer* const container : found) {
                write_container_row(json, state_, *container, asked_.flag("size"));
            }
            json.end_array();
        });
    }

    [[nodiscard]] bool fits(const FakeContainer& container, const DockerFilters& wanted) const {
        return wanted.any("status", [&](const std::string& value) {
            return container.state == value;
        }) && wanted.any("name", [&](const std::string& value) {
            return container.name.find(value) != std::string::npos;
        }) && wanted.any("id", [&](const std::string& value) {
            return container.id.starts_with(value);
        }) && wanted.any("exited", [&](const std::string& value) {
            return std::to_string(container.exit_code) == value;
        }) && wanted.any("ancestor", [&](const std::string& value) {
            const FakeImage* const image = state_.find_image(value);
            return image != nullptr && image->id == container.image_id;
        }) && wanted.any("volume", [&](const std::string& value) {
            return std::ranges::find(container.mounts, value, &FakeMount::name) !=
                   container.mounts.end();
        }) && wanted.meet_labels(container.labels);
    }

    ServedAnswer change_container(const std::string& reference, const std::string& what) {
        FakeContainer& container = find_container(reference);
        if (what == "start") {
            if (container.is_running()) {
                return {.status = 304};
            }
            container.state = "running";
            container.started_ms = state_.now_ms;
        } else if (what == "stop" || what == "kill") {
            if (!container.is_running()) {
                return what == "stop"
                           ? ServedAnswer{.status = 304}
                           : throw DockerRefusal{409,
                                                 fmt::format("Cannot kill container: {}: Container "
                                                             "{} is not running",
                                                             reference,
                                                             container.id)};
            }
            container.state = "exited";
            container.finished_ms = state_.now_ms;
            container.exit_code = 137;
        } else {
            throw page_not_found();
        }
        state_.record("container", what == "start" ? "start" : "die", container.id, container.name);
        return {.status = 204};
    }

    ServedAnswer answer_images() {
        const auto& path = asked_.path;
        if (is(2) && path[1] == "json") {
            return list_images();
        }
        if (is_post(2) && path[1] == "prune") {
            const Pruned result =
                prune_images(state_, filters({"dangling", "until", "label", "label!"}));
            return document([&](Json& json) {
                json.begin_object().key("ImagesDeleted");
                write_removed(json, result.images);
                json.integer("SpaceReclaimed", result.bytes).end_object();
            });
        }
        if (asked_.method == HttpMethod::get && path.size() >= 3 && path.back() == "json") {
            const std::string name = joined_name(1);
            const FakeImage* const image = state_.find_image(name);
            if (image == nullptr) {
                throw DockerRefusal{404, fmt::format("No such image: {}", name)};
            }
            return document([&](Json& json) { write_image(json, *image, asked_.version); });
        }
        if (asked_.method == HttpMethod::del && path.size() >= 2) {
            const auto removed =
                remove_image(state_, joined_name(0), asked_.flag("force"), asked_.flag("noprune"));
            return document([&](Json& json) { write_removed(json, removed); });
        }
        throw page_not_found();
    }

    static void write_removed(Json& json, const std::vector<RemovedImage>& removed) {
        json.begin_array();
        for (const RemovedImage& entry : removed) {
            json.begin_object()
                .text(entry.is_deleted ? "Deleted" : "Untagged", entry.what)
                .end_object();
        }
        json.end_array();
    }

    ServedAnswer list_images() {
        const DockerFilters wanted =
            filters({"dangling", "label", "before", "since", "reference", "until"});
        const auto until = wanted.until(state_.now_ms);
        const auto dangling = wanted.flag("dangling");
        return document([&](Json& json) {
            json.begin_array();
            for (const auto& [id, image] : state_.images) {
                const bool is_dangling = image.tags.empty() && image.digests.empty();
                const bool is_between = is_dangling && has_children(id);
                if ((is_between && !asked_.flag("all")) || (dangling && *dangling != is_dangling) ||
                    (until && image.created_ms >= *until) || !wanted.meet_labels(image.labels) ||
                    !has_reference(image, wanted)) {
                    continue;
                }
                write_image_row(json, state_, image, asked_.version, asked_.flag("shared-size"));
            }
            json.end_array();
        });
    }

    static bool has_reference(const FakeImage& image, const DockerFilters& wanted) {
        return wanted.any("reference", [&](const std::string& pattern) {
            return std::ranges::any_of(image.tags, [&](const std::string& tag) {
                return glob_match(pattern, tag) ||
                       glob_match(pattern, tag.substr(0, tag.rfind(':')));
            });
        });
    }

    [[nodiscard]] bool has_children(const std::string& id) const {
        return std::ranges::any_of(state_.images,
                                   [&](const auto& entry) { return entry.second.parent == id; });
    }

    ServedAnswer answer_volumes() {
        const auto& path = asked_.path;
        if (is(1)) {
            return list_volumes();
        }
        if (is_post(2) && path[1] == "prune") {
            return pruned(
                "VolumesDeleted",
                prune_volumes(state_, filters({"label", "label!", "all"}), asked_.version));
        }
        if (is(2)) {
            const auto found = state_.volumes.find(path[1]);
            if (found == state_.volumes.end()) {
                throw DockerRefusal{404, fmt::format("get {}: no such volume", path[1])};
            }
            return document([&](Json& json) {
                write_volume(json, state_, found->second, asked_.version, false);
            });
        }
        if (is_delete(2)) {
            remove_volume(state_, path[1], asked_.flag("force"));
            return {.status = 204};
        }
        throw page_not_found();
    }

    ServedAnswer list_volumes() {
        const DockerFilters wanted = filters({"dangling", "driver", "label", "name"});
        const auto dangling = wanted.flag("dangling");
        return document([&](Json& json) {
            json.begin_object().begin_array("Volumes");
            for (const auto& [name, volume] : state_.volumes) {
                const bool is_used = !state_.users_of_volume(name).empty();
                if ((dangling && *dangling == is_used) || !wanted.meet_labels(volume.labels) ||
                    !wanted.any(
                        "driver",
                        [&](const std::string& driver) { return volume.driver == driver; }) ||
                    !wanted.any("name", [&](const std::string& part) {
                        return name.find(part) != std::string::npos;
                    })) {
                    continue;
                }
                write_volume(json, state_, volume, asked_.version, false);
            }
            json.end_array().null("Warnings").end_object();
        });
    }

    ServedAnswer answer_networks() {
        const auto& path = asked_.path;
        if (is(1)) {
            const DockerFilters wanted =
                filters({"dangling", "driver", "id", "label", "name", "scope", "type"});
            return document([&](Json& json) {
                json.begin_array();
                for (const auto& [id, network] : state_.networks) {
                    if (wanted.meet_labels(network.labels) &&
                        wanted.any("name", [&](const std::string& part) {
                            return network.name.find(part) != std::string::npos;
                        })) {
                        write_network(json, state_, network);
                    }
                }
                json.end_array();
            });
        }
        if (is_post(2) && path[1] == "prune") {
            return pruned("NetworksDeleted",
                          prune_networks(state_, filters({"until", "label", "label!"})));
        }
        if (is(2)) {
            const FakeNetwork* const network = state_.find_network(path[1]);
            if (network == nullptr) {
                throw DockerRefusal{404, fmt::format("network {} not found", path[1])};
            }
            return document([&](Json& json) { write_network(json, state_, *network); });
        }
        if (is_delete(2)) {
            remove_network(state_, path[1]);
            return {.status = 204};
        }
        throw page_not_found();
    }

    static ServedAnswer pruned(std::string_view name, const Pruned& result) {
        return document([&](Json& json) {
            json.begin_object();
            if (result.names.empty()) {
                json.null(name);
            } else {
                json.begin_array(name);
                for (const std::string& id : result.names) {
                    json.text(id);
                }
                json.end_array();
            }
            if (name != "NetworksDeleted") {
                json.integer("SpaceReclaimed", result.bytes);
            }
            json.end_object();
        });
    }

    ServedAnswer disk_usage() {
        DiskUsageParts parts{.verbose = asked_.flag("verbose")};
        const auto types = asked_.target.parameters_named("type");
        if (!types.empty() && asked_.version.minor >= 42) {  // not known before
            const auto has = [&](std::string_view type) {
                return std::ranges::find(types, type) != types.end();
            };
            parts.containers = has("container");
            parts.images = has("image");
            parts.volumes = has("volume");
            parts.cache = has("build-cache");
        }
        return document([&](Json& json) { write_disk_usage(json, state_, asked_.version, parts); });
    }

    ServedAnswer build_prune() {
        if (asked_.version.minor < 31) {
            throw page_not_found();
        }
        const std::string_view name =
            asked_.version.minor >= 48 ? "reserved-space" : "keep-storage";
        const std::string_view text = asked_.parameter(name);
        std::int64_t keep = 0;
        if (!text.empty() &&
            std::from_chars(text.data(), text.data() + text.size(), keep).ec != std::errc{}) {
            throw DockerRefusal{400, fmt::format("{} is in bytes and expects an integer", name)};
        }
        const Pruned result = prune_cache(
            state_,
            filters({"until", "id", "parent", "type", "description", "inuse", "shared", "private"}),
            asked_.flag("all"),
            keep);
        return pruned("CachesDeleted", result);
    }

    DockerState& state_;
    DockerRequest asked_;
};

}  // namespace

ServedAnswer docker_refusal(int status, const std::string& message) {
    return json_answer(format_document([&](Json& json) {
                           json.begin_object().text("message", message).end_object();
                       }),
                       status);
}

ServedAnswer answer_docker(DockerState& state, const HttpRequest& request) {
    ServedAnswer answer;
    try {
        answer = DockerApi(state, request).answer();
    } catch (const DockerRefusal& refusal) {
        answer = docker_refusal(refusal.status, refusal.message);
    }
    if (find_header(answer.headers, "Api-Version").empty()) {
        answer.headers.push_back({"Api-Version", state.max_api.text()});
        answer.headers.push_back({"Ostype", "linux"});
    }
    answer.headers.push_back({"Server", fmt::format("Docker/{} (linux)", state.engine_version)});
    return answer;
}

}  // namespace caretaker::sandbox
