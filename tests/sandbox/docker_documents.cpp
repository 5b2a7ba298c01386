// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/docker_documents.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace caretaker::sandbox {

namespace {

void write_labels(Json& json, std::string_view name, const DockerLabels& labels, bool may_be_null) {
    if (labels.empty() && may_be_null) {
        json.null(name);
    } else {
        json.texts(name, labels);
    }
}

void write_texts(Json& json, std::string_view name, const std::vector<std::string>& texts) {
    json.begin_array(name);
    for (const std::string& text : texts) {
        json.text(text);
    }
    json.end_array();
}

std::string describe_duration(std::int64_t ms) {
    const std::int64_t hours = ms / 3'600'000;
    return hours >= 48  ? fmt::format("{} days", hours / 24)
           : hours >= 2 ? fmt::format("{} hours", hours)
                        : fmt::format("{} minutes", ms / 60'000);
}

std::string describe_status(const DockerState& state, const FakeContainer& container) {
    if (container.state == "created" || container.state == "dead") {
        return container.state == "created" ? "Created" : "Dead";
    }
    if (container.is_running()) {
        const std::string since = describe_duration(state.now_ms - container.started_ms);
        return container.state == "paused" ? fmt::format("Up {} (Paused)", since)
                                           : fmt::format("Up {}", since);
    }
    return fmt::format("Exited ({}) {} ago",
                       container.exit_code,
                       describe_duration(state.now_ms - container.finished_ms));
}

void write_mounts(Json& json, const DockerState& state, const FakeContainer& container) {
    json.begin_array("Mounts");
    for (const FakeMount& mount : container.mounts) {
        json.begin_object().text("Type", mount.type);
        if (mount.type == "volume") {
            json.text("Name", mount.name)
                .text("Source", fmt::format("{}/volumes/{}/_data", state.root, mount.name));
        } else {
            json.text("Source", mount.source);
        }
        json.text("Destination", mount.destination);
        if (mount.type == "volume") {
            json.text("Driver", "local");
        }
        json.text("Mode", "").flag("RW", true).text("Propagation", "").end_object();
    }
    json.end_array();
}

void write_networks(Json& json, const FakeContainer& container) {
    json.begin_object("NetworkSettings").begin_object("Networks");
    for (const std::string& network : container.networks) {
        json.begin_object(network).text("NetworkID", "").text("IPAddress", "").end_object();
    }
    json.end_object().end_object();
}

std::int64_t count_users(const DockerState& state, const FakeImage& image) {
    return std::ranges::count_if(
        state.containers, [&](const auto& entry) { return entry.second.image_id == image.id; });
}

std::int64_t count_running(const DockerState& state) {
    return std::ranges::count_if(state.containers,
                                 [](const auto& entry) { return entry.second.is_running(); });
}

}  // namespace

std::string format_docker_time(std::int64_t ms) {
    if (ms == 0) {
        return "0001-01-01T00:00:00Z";
    }
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}000000Z",
                       fmt::gmtime(static_cast<std::time_t>(ms / 1'000)),
                       ms % 1'000);
}

void write_container_row(Json& json,
                         const DockerState& state,
                         const FakeContainer& container,
                         bool with_size) {
    const auto image = state.images.find(container.image_id);
    // The name that was used at the start gives way to the id when it is gone.
    const bool has_name =
        image != state.images.end() &&
        std::ranges::find(image->second.tags, container.image) != image->second.tags.end();
    json.begin_object()
        .text("Id", container.id)
        .begin_array("Names")
        .text("/" + container.name)
        .end_array()
        .text("Image", has_name ? container.image : container.image_id)
        .text("ImageID", container.image_id)
        .text("Command", "run")
        .integer("Created", container.created_ms / 1'000)
        .begin_array("Ports")
        .end_array();
    if (with_size) {
        json.integer("SizeRw", container.written_bytes)
            .integer(
                "SizeRootFs",
                container.written_bytes + (image != state.images.end() ? image->second.size : 0));
    }
    json.texts("Labels", container.labels)
        .text("State", container.state)
        .text("Status", describe_status(state, container))
        .begin_object("HostConfig")
        .text("NetworkMode", container.network_mode)
        .end_object();
    write_networks(json, container);
    write_mounts(json, state, container);
    json.end_object();
}

void write_container(Json& json, const DockerState& state, const FakeContainer& container) {
    json.begin_object()
        .text("Id", container.id)
        .text("Created", format_docker_time(container.created_ms))
        .text("Path", "run")
        .begin_array("Args")
        .end_array();
    json.begin_object("State")
        .text("Status", container.state)
        .flag("Running", container.is_running())
        .flag("Paused", container.state == "paused")
        .flag("Restarting", container.state == "restarting")
        .flag("OOMKilled", false)
        .flag("Dead", container.state == "dead")
        .integer("Pid", container.is_running() ? 4'711 : 0)
        .integer("ExitCode", container.exit_code)
        .text("Error", "")
        .text("StartedAt", format_docker_time(container.started_ms))
        .text("FinishedAt", format_docker_time(container.finished_ms))
        .end_object();
    json.text("Image", container.image_id)
        .text("LogPath", container.log_path)
        .text("Name", "/" + container.name)
        .integer("RestartCount", 0)
        .text("Driver", "overlay2");
    json.begin_object("HostConfig");
    json.begin_object("LogConfig")
        .text("Type", container.log_driver)
        .texts("Config", container.log_options)
        .end_object();
    json.text("NetworkMode", container.network_mode);
    if (container.volumes_from.empty()) {
        json.null("VolumesFrom");
    } else {
        write_texts(json, "VolumesFrom", container.volumes_from);
    }
    json.text("IpcMode", container.ipc_mode)
        .text("PidMode", container.pid_mode)
        .flag("AutoRemove", false)
        .end_object();
    write_mounts(json, state, container);
    json.begin_object("Config")
        .text("Image", container.image)
        .texts("Labels", container.labels)
        .end_object();
    write_networks(json, container);
    json.end_object();
}

void write_image_row(Json& json,
                     const DockerState& state,
                     const FakeImage& image,
                     DockerApiVersion version,
                     bool with_shared_size) {
    json.begin_object().text("Id", image.id).text("ParentId", image.parent);
    // Up to 1.42, what has no name says so.
    const bool has_placeholder = version.minor <= 42;
    const std::vector<std::string> no_tag{"<none>:<none>"};
    const std::vector<std::string> no_digest{"<none>@<none>"};
    write_texts(json, "RepoTags", image.tags.empty() && has_placeholder ? no_tag : image.tags);
    write_texts(
        json, "RepoDigests", image.digests.empty() && has_placeholder ? no_digest : image.digests);
    json.integer("Created", image.created_ms / 1'000)
        .integer("Size", image.size)
        .integer("SharedSize", with_shared_size && version.minor >= 42 ? image.shared_size : -1);
    if (version.minor <= 43) {
        json.integer("VirtualSize", image.size);
    }
    write_labels(json, "Labels", image.labels, true);
    json.integer("Containers", version.minor >= 51 ? count_users(state, image) : -1).end_object();
}

void write_image(Json& json, const FakeImage& image, DockerApiVersion version) {
    json.begin_object().text("Id", image.id);
    write_texts(json, "RepoTags", image.tags);
    write_texts(json, "RepoDigests", image.digests);
    json.text("Parent", image.parent)
        .text("Comment", "")
        .text("Created", format_docker_time(image.created_ms))
        .text("Architecture", "amd64")
        .text("Os", "linux")
        .integer("Size", image.size);
    if (version.minor <= 43) {
        json.integer("VirtualSize", image.size);
    }
    json.begin_object("Metadata")
        .text("LastTagTime", format_docker_time(image.tagged_ms))
        .end_object();
    json.begin_object("Config");
    write_labels(json, "Labels", image.labels, true);
    json.end_object().end_object();
}

void write_volume(Json& json,
                  const DockerState& state,
                  const FakeVolume& volume,
                  DockerApiVersion version,
                  bool with_usage) {
    json.begin_object();
    if (version.minor >= 31) {
        json.text("CreatedAt",
                  fmt::format("{:%Y-%m-%dT%H:%M:%S}Z",
                              fmt::gmtime(static_cast<std::time_t>(volume.created_ms / 1'000))));
    }
    json.text("Driver", volume.driver);
    write_labels(json, "Labels", volume.labels, true);
    json.text("Mountpoint", fmt::format("{}/volumes/{}/_data", state.root, volume.name))
        .text("Name", volume.name);
    write_labels(json, "Options", volume.options, true);
    json.text("Scope", "local");
    if (with_usage) {
        json.begin_object("UsageData")
            .integer("RefCount",
                     static_cast<std::int64_t>(state.users_of_volume(volume.name).size()))
            .integer("Size", volume.options.empty() ? volume.size : -1)
            .end_object();
    }
    json.end_object();
}

void write_network(Json& json, const DockerState& state, const FakeNetwork& network) {
    json.begin_object()
        .text("Name", network.name)
        .text("Id", network.id)
        .text("Created", format_docker_time(network.created_ms))
        .text("Scope", "local")
        .text("Driver", network.driver)
        .texts("Labels", network.labels)
        .begin_object("Containers");
    for (const auto& [id, container] : state.containers) {
        if (container.is_running() &&
            std::ranges::find(container.networks, network.name) != container.networks.end()) {
            json.begin_object(id).text("Name", container.name).end_object();
        }
    }
    json.end_object().end_object();
}

namespace {

void write_cache_record(Json& json, const FakeCacheRecord& record, DockerApiVersion version) {
    json.begin_object().text("ID", record.id);
    if (version.minor <= 41) {
        json.text("Parent", "");
    }
    json.text("Type", record.type)
        .text("Description", record.description)
        .flag("InUse", record.is_in_use)
        .flag("Shared", record.is_shared)
        .integer("Size", record.size)
        .text("CreatedAt", format_docker_time(record.created_ms));
    if (record.used_ms) {
        json.text("LastUsedAt", format_docker_time(*record.used_ms));
    } else {
        json.null("LastUsedAt");
    }
    json.integer("UsageCount", record.usage_count).end_object();
}

/// One kind of thing in the form of 1.52.
struct Usage {
    std::int64_t active = 0;
    std::int64_t total = 0;
    std::int64_t reclaimable = 0;
    std::int64_t size = 0;

    void add(bool is_active, std::int64_t bytes) {
        active += is_active ? 1 : 0;
        ++total;
        reclaimable += is_active ? 0 : bytes;
        size += bytes;
    }
};

class DiskUsageWriter {
 public:
    DiskUsageWriter(Json& json, const DockerState& state, DockerApiVersion version)
        : json_(json), state_(state), version_(version) {}

    void write_old(DiskUsageParts parts) {
        std::int64_t layers = 0;
        for (const auto& [id, image] : state_.images) {
            layers += image.size - image.shared_size;
        }
        if (parts.images) {
            json_.integer("LayersSize", layers).begin_array("Images");
            write_images();
            json_.end_array();
        }
        if (parts.containers) {
            json_.begin_array("Containers");
            write_containers();
            json_.end_array();
        }
        if (parts.volumes) {
            json_.begin_array("Volumes");
            write_volumes();
            json_.end_array();
        }
        if (parts.cache && version_.minor >= 39) {
            json_.begin_array("BuildCache");
            write_cache();
            json_.end_array();
        }
        if (version_.minor >= 31 && version_.minor <= 51) {
            json_.integer("BuilderSize", 0);
        }
    }

    void write_new(DiskUsageParts parts) {
        if (parts.images) {
            Usage usage;
            for (const auto& [id, image] : state_.images) {
                usage.add(count_users(state_, image) > 0, image.size - image.shared_size);
            }
            write_usage("ImageUsage", usage, parts.verbose, &DiskUsageWriter::write_images);
        }
        if (parts.containers) {
            Usage usage;
            for (const auto& [id, container] : state_.containers) {
                usage.add(container.is_running(), container.written_bytes);
            }
            write_usage("ContainerUsage", usage, parts.verbose, &DiskUsageWriter::write_containers);
        }
        if (parts.volumes) {
            Usage usage;
            for (const auto& [name, volume] : state_.volumes) {
                usage.add(!state_.users_of_volume(name).empty(), volume.size);
            }
            write_usage("VolumeUsage", usage, parts.verbose, &DiskUsageWriter::write_volumes);
        }
        if (parts.cache) {
            Usage usage;
            for (const FakeCacheRecord& record : state_.cache) {
                usage.add(record.is_in_use, record.size);
            }
            write_usage("BuildCacheUsage", usage, parts.verbose, &DiskUsageWriter::write_cache);
        }
    }

 private:
    void write_usage(std::string_view name,
                     const Usage& usage,
                     bool with_items,
                     void (DiskUsageWriter::*write_items)()) {
        json_.begin_object(name)
            .integer("ActiveCount", usage.active)
            .integer("TotalCount", usage.total)
            .integer("Reclaimable", usage.reclaimable)
            .integer("TotalSize", usage.size);
        if (with_items) {
            json_.begin_array("Items");
            (this->*write_items)();
            json_.end_array();
        }
        json_.end_object();
    }

    void write_images() {
        for (const auto& [id, image] : state_.images) {
            write_image_row(json_, state_, image, version_, true);
        }
    }

    void write_containers() {
        for (const auto& [id, container] : state_.containers) {
            write_container_row(json_, state_, container, true);
        }
    }

    void write_volumes() {
        for (const auto& [name, volume] : state_.volumes) {
            write_volume(json_, state_, volume, version_, true);
        }
    }

    void write_cache() {
        for (const FakeCacheRecord& record : state_.cache) {
            write_cache_record(json_, record, version_);
        }
    }

    Json& json_;
    const DockerState& state_;
    DockerApiVersion version_;
};

}  // namespace

void write_disk_usage(Json& json,
                      const DockerState& state,
                      DockerApiVersion version,
                      DiskUsageParts parts) {
    DiskUsageWriter writer(json, state, version);
    json.begin_object();
    if (version.minor <= 52) {
        writer.write_old(parts);
    }
    if (version.minor >= 52) {
        writer.write_new(parts);
    }
    json.end_object();
}

void write_engine_version(Json& json, const DockerState& state) {
    json.begin_object().begin_object("Platform").text("Name", "Docker Engine").end_object();
    json.begin_array("Components")
        .begin_object()
        .text("Name", "Engine")
        .text("Version", state.engine_version)
        .end_object()
        .end_array();
    json.text("Version", state.engine_version)
        .text("ApiVersion", state.max_api.text())
        .text("MinAPIVersion", state.min_api.text())
        .text("GitCommit", "0000000")
        .text("GoVersion", "go1.20.10")
        .text("Os", "linux")
        .text("Arch", "amd64")
        .text("KernelVersion", "6.1.0")
        .text("BuildTime", "2023-10-26T09:08:02.000000000+00:00")
        .end_object();
}

void write_engine_info(Json& json, const DockerState& state) {
    const auto containers = static_cast<std::int64_t>(state.containers.size());
    const std::int64_t running = count_running(state);
    const std::int64_t paused = std::ranges::count_if(
        state.containers, [](const auto& entry) { return entry.second.state == "paused"; });
    json.begin_object()
        .text("ID", "sandbox")
        .integer("Containers", containers)
        .integer("ContainersRunning", running - paused)
        .integer("ContainersPaused", paused)
        .integer("ContainersStopped", containers - running)
        .integer("Images", static_cast<std::int64_t>(state.images.size()))
        .text("Driver", "overlay2")
        .text("LoggingDriver", "json-file")
        .text("DockerRootDir", state.root)
        .text("SystemTime", format_docker_time(state.now_ms))
        .text("Name", "sandbox")
        .text("ServerVersion", state.engine_version)
        .text("OSType", "linux")
        .flag("LiveRestoreEnabled", false)
        .end_object();
}

std::string format_docker_event(const FakeDockerEvent& event) {
    return format_document([&](Json& json) {
        json.begin_object();
        if (event.type == "container" || event.type == "image") {
            json.text("status", event.action).text("id", event.id);
        }
        json.text("Type", event.type).text("Action", event.action);
        json.begin_object("Actor").text("ID", event.id).begin_object("Attributes");
        if (!event.name.empty()) {
            json.text("name", event.name);
        }
        json.end_object().end_object();
        json.text("scope", "local")
            .integer("time", event.time_ms / 1'000)
            .integer("timeNano", event.time_ms * 1'000'000)
            .end_object();
    });
}

}  // namespace caretaker::sandbox
