// SPDX-License-Identifier: Apache-2.0
// The seeded Docker host.
#include "tests/sandbox/docker_state.hpp"

#include <fmt/format.h>

#include <array>
#include <random>
#include <utility>

namespace caretaker::sandbox {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;
constexpr std::int64_t mib = 1 << 20;

class HostMaker {
 public:
    explicit HostMaker(const DockerScenario& scenario)
        : scenario_(scenario), random_(scenario.seed) {
        state_.now_ms = scenario.now_ms;
        state_.started_ms = scenario.now_ms - 30 * day_ms;
    }

    DockerState make() {
        add_networks();
        add_images();
        add_volumes();
        add_running();
        add_exited();
        add_special();
        add_cache();
        return std::move(state_);
    }

 private:
    std::string hex(std::size_t digits) {
        std::string text;
        while (text.size() < digits) {
            text += fmt::format("{:016x}", random_());
        }
        return text.substr(0, digits);
    }

    std::int64_t below(std::int64_t limit) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
    }

    void add_networks() {
        for (const char* const name : {"bridge", "host", "none"}) {
            add_network({.name = name,
                         .driver = name == std::string_view("none") ? "null" : name,
                         .created_ms = state_.started_ms,
                         .is_predefined = true});
        }
        add_network({.name = "monitoring", .created_ms = state_.now_ms - 60 * day_ms});
    }

    void add_network(FakeNetwork network) {
        network.id = hex(64);
        state_.networks[network.id] = network;
    }

    std::string add_image(FakeImage image) {
        image.id = "sha256:" + hex(64);
        for (const std::string& tag : image.tags) {
            image.digests.push_back(
                fmt::format("{}@sha256:{}", tag.substr(0, tag.rfind(':')), hex(64)));
        }
        const std::string id = image.id;
        state_.images[id] = std::move(image);
        return id;
    }

    void add_images() {
        const std::int64_t now = state_.now_ms;
        base_ = add_image({.tags = {std::string(demo_docker::two_names), "base-java:latest"},
                           .created_ms = now - 200 * day_ms,
                           .tagged_ms = now - 90 * day_ms,
                           .size = 180 * mib,
                           .shared_size = 120 * mib});
        for (const char* const name : {"api", "indexer", "kibana", "logstash"}) {
            for (int version = 1; version <= 5; ++version) {
                const int age = (6 - version) * 12;
                ids_.push_back(add_image(
                    {.parent = version == 5 && name == std::string_view("api") ? base_ : "",
                     .tags = {fmt::format("registry.example:5000/{}:{}", name, version)},
                     .created_ms = now - (age + 3) * day_ms,
                     .tagged_ms = now - age * day_ms,
                     .size = (150 + below(400)) * mib,
                     .shared_size = 100 * mib,
                     .labels = {{"team", name}}}));
            }
        }
        for (int i = 0; i < 4; ++i) {  // left behind by builds
            add_image({.created_ms = now - (i * 3 + 1) * day_ms, .size = (40 + below(200)) * mib});
        }
        const std::string parent = add_image({.created_ms = now - 20 * day_ms, .size = 90 * mib});
        add_image({.parent = parent,
                   .tags = {"tools/report:old"},
                   .created_ms = now - 19 * day_ms,
                   .tagged_ms = now - 19 * day_ms,
                   .size = 130 * mib});
        FakeImage by_digest{
            .created_ms = now - 400 * day_ms, .tagged_ms = now - 45 * day_ms, .size = 60 * mib};
        by_digest.digests = {"tools/scan@sha256:" + hex(64)};
        add_image(std::move(by_digest));
    }

    void add_volumes() {
        for (int i = 0; i < 6; ++i) {
            FakeVolume volume{.name = hex(64),
                              .created_ms = state_.now_ms - (i + 1) * 5 * day_ms,
                              .size = (10 + below(500)) * mib,
                              .is_anonymous = true};
            if (i % 2 == 0) {  // older Engines set no label
                volume.labels["com.docker.volume.anonymous"] = "";
            }
            anonymous_.push_back(volume.name);
            state_.volumes[volume.name] = volume;
        }
        for (const std::string_view name :
             {demo_docker::named_volume, std::string_view("unused-data")}) {
            state_.volumes[std::string(name)] = {.name = std::string(name),
                                                 .created_ms = state_.now_ms - 100 * day_ms,
                                                 .size = 9'000 * mib};
        }
        const std::string remote(demo_docker::remote_volume);
        state_.volumes[remote] = {
            .name = remote,
            .options = {{"type", "nfs"}, {"o", "addr=nfs.example,rw"}, {"device", ":/backup"}},
            .created_ms = state_.now_ms - 300 * day_ms};
    }

    FakeContainer& add_container(FakeContainer container) {
        container.id = hex(64);
        container.log_path =
            fmt::format("{0}/containers/{1}/{1}-json.log", state_.root, container.id);
        const std::string id = container.id;
        return state_.containers[id] = std::move(container);
    }

    [[nodiscard]] FakeContainer of_image(const std::string& id, std::string name) const {
        const FakeImage& image = state_.images.at(id);
        return {.name = std::move(name),
                .image = image.tags.empty() ? id : image.tags.front(),
                .image_id = id};
    }

    /// One of the four repositories by turns; versions 1 to 5, of which the old ones are not used.
    [[nodiscard]] const std::string& version_of(std::size_t turn, std::size_t version) const {
        constexpr std::size_t repositories = 4;
        constexpr std::size_t versions = 5;
        return ids_.at(turn % repositories * versions + version - 1);
    }

    std::string mesos_name() {
        return fmt::format("mesos-{}-{}-4{}-a{}-{}", hex(8), hex(4), hex(3), hex(3), hex(12));
    }

    void add_running() {
        for (std::size_t i = 0; i < scenario_.running; ++i) {
            FakeContainer container = of_image(version_of(i, 4 + i % 2), mesos_name());
            container.created_ms = state_.now_ms - below(25 * day_ms) - hour_ms;
            container.started_ms = container.created_ms + 1'500;
            container.written_bytes = below(50) * mib;
            container.network_mode = "host";
            container.networks = {"host"};
            if (i % 4 != 0) {
                container.log_options = {{"max-size", "100m"}, {"max-file", "3"}};
            }
            add_container(std::move(container));
        }
    }

    void add_exited() {
        for (std::size_t i = 0; i < scenario_.exited; ++i) {
            const bool is_of_mesos = i % 3 == 0;
            FakeContainer container = of_image(
                version_of(i, 3), is_of_mesos ? mesos_name() : fmt::format("report-{}", i));
            // Long ago made, some of them only just over.
            container.created_ms = state_.now_ms - 40 * day_ms + below(day_ms);
            container.started_ms = container.created_ms + 900;
            container.finished_ms =
                state_.now_ms - 60'000 - static_cast<std::int64_t>(i) * 7 * hour_ms;
            container.state = i % 7 == 6 ? "dead" : "exited";
            container.exit_code = i % 4 == 1 ? 137 : 0;
            container.written_bytes = below(300) * mib;
            if (i < anonymous_.size() / 2) {
                container.mounts.push_back({.name = anonymous_[i], .destination = "/data"});
            }
            add_container(std::move(container));
        }
    }

    void add_special() {
        const std::int64_t now = state_.now_ms;
        FakeContainer data = of_image(base_, std::string(demo_docker::data_container));
        data.state = "exited";
        data.created_ms = data.started_ms = now - 80 * day_ms;
        data.finished_ms = data.started_ms + 1'000;
        data.mounts.push_back(
            {.name = std::string(demo_docker::named_volume), .destination = "/usr/share/data"});
        add_container(std::move(data));

        FakeContainer user = of_image(ids_[11], "kibana-shared");
        user.created_ms = user.started_ms = now - 70 * day_ms;
        user.volumes_from = {std::string(demo_docker::data_container)};
        const std::string user_id = add_container(std::move(user)).id;

        FakeContainer sidecar = of_image(base_, "kibana-sidecar");
        sidecar.created_ms = sidecar.started_ms = now - 70 * day_ms;
        sidecar.network_mode = "container:" + user_id;
        add_container(std::move(sidecar));

        FakeContainer paused = of_image(base_, std::string(demo_docker::paused));
        paused.state = "paused";
        paused.created_ms = paused.started_ms = now - 10 * day_ms;
        add_container(std::move(paused));

        FakeContainer never = of_image(ids_[0], std::string(demo_docker::never_started));
        never.state = "created";
        never.created_ms = now - 2 * day_ms;
        add_container(std::move(never));

        FakeContainer kept = of_image(ids_[5], std::string(demo_docker::kept));
        kept.state = "exited";
        kept.created_ms = kept.started_ms = now - 50 * day_ms;
        kept.finished_ms = now - 40 * day_ms;
        kept.labels = {{"caretaker.keep", "true"}};
        add_container(std::move(kept));
    }

    void add_cache() {
        constexpr std::array types{"regular", "source.local", "exec.cachemount", "frontend"};
        for (int i = 0; i < 12; ++i) {
            FakeCacheRecord record{.id = hex(25),
                                   .type = types[static_cast<std::size_t>(i) % types.size()],
                                   .description = fmt::format("mount / from exec step {}", i),
                                   .is_in_use = i == 0,
                                   .is_shared = i % 5 == 1,
                                   .size = (20 + below(800)) * mib,
                                   .created_ms = state_.now_ms - (i + 1) * 3 * day_ms};
            if (i % 6 != 5) {
                record.used_ms = state_.now_ms - i * 2 * day_ms;
            }
            state_.cache.push_back(std::move(record));
        }
    }

    const DockerScenario& scenario_;
    std::mt19937_64 random_;
    DockerState state_{};
    std::string base_{};
    std::vector<std::string> ids_{};        // of tagged images
    std::vector<std::string> anonymous_{};  // volumes
};

}  // namespace

DockerState make_docker_host(const DockerScenario& scenario) {
    return HostMaker(scenario).make();
}

}  // namespace caretaker::sandbox
