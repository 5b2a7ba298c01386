// SPDX-License-Identifier: Apache-2.0
// The documents of a Docker Engine, as its API versions show them.
#pragma once

#include "tests/sandbox/docker_state.hpp"
#include "tests/sandbox/document_stream.hpp"

#include <string>
#include <string_view>

namespace caretaker::sandbox {

/// "2026-11-22T11:06:40.123000000Z"; the zero time for 0.
std::string format_docker_time(std::int64_t ms);

/// One element of /containers/json.
void write_container_row(Json& json,
                         const DockerState& state,
                         const FakeContainer& container,
                         bool with_size);

/// /containers/{id}/json
void write_container(Json& json, const DockerState& state, const FakeContainer& container);

/// One element of /images/json. `with_shared_size`: what it shares, else -1.
void write_image_row(Json& json,
                     const DockerState& state,
                     const FakeImage& image,
                     DockerApiVersion version,
                     bool with_shared_size);

/// /images/{name}/json
void write_image(Json& json, const FakeImage& image, DockerApiVersion version);

/// `with_usage`: as /system/df shows it.
void write_volume(Json& json,
                  const DockerState& state,
                  const FakeVolume& volume,
                  DockerApiVersion version,
                  bool with_usage);

void write_network(Json& json, const DockerState& state, const FakeNetwork& network);

/// What /system/df is asked for.
struct DiskUsageParts {
    bool containers = true;
    bool images = true;
    bool volumes = true;
    bool cache = true;
    bool verbose = false;  // items in the form of 1.52
};

void write_disk_usage(Json& json,
                      const DockerState& state,
                      DockerApiVersion version,
                      DiskUsageParts parts);

void write_engine_version(Json& json, const DockerState& state);
void write_engine_info(Json& json, const DockerState& state);

/// One line of /events, without its end.
std::string format_docker_event(const FakeDockerEvent& event);

}  // namespace caretaker::sandbox
