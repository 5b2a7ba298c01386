// SPDX-License-Identifier: Apache-2.0
// How a seeded platform is made: agents first, then frameworks, then what they run.
#include "tests/sandbox/platform_scenario.hpp"

#include "tests/sandbox/marathon_apps.hpp"
#include "tests/sandbox/marathon_placement.hpp"
#include "tests/sandbox/marathon_pods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <utility>

namespace caretaker::sandbox {

namespace {

constexpr std::int64_t unit = 1'000;  // thousandths

struct Feature {
    std::string_view name{};
    bool ClusterOptions::*has = nullptr;
};

constexpr std::array features{
    Feature{"attributes", &ClusterOptions::has_attributes},
    Feature{"reservations", &ClusterOptions::has_reservations},
    Feature{"disks", &ClusterOptions::has_disks},
    Feature{"gpus", &ClusterOptions::has_gpus},
    Feature{"regions", &ClusterOptions::has_regions},
    Feature{"revocable", &ClusterOptions::has_revocable},
    Feature{"states", &ClusterOptions::has_states},
    Feature{"quota", &ClusterOptions::has_quota},
    Feature{"maintenance", &ClusterOptions::has_maintenance},
    Feature{"offers", &ClusterOptions::has_offers},
    Feature{"chronos", &ClusterOptions::has_chronos},
};

FakeAttribute text_attribute(std::string name, std::string value) {
    return {.name = std::move(name), .text = std::move(value)};
}

FakeResource reserved(FakeResource resource, std::vector<FakeReservation> reservations) {
    resource.reservations = std::move(reservations);
    return resource;
}

class ClusterMaker {
 public:
    explicit ClusterMaker(const ClusterOptions& options)
        : options_(options), random_(options.seed) {
        state_.now_ms = options.now_ms;
        state_.mesos.version = options.version;
        state_.mesos.started_ms = options.now_ms - 40 * day_ms;
        state_.mesos.elected_ms = state_.mesos.started_ms + 5'000;
    }

    PlatformState make() {
        for (std::size_t i = 0; i < options_.agents; ++i) {
            add_agent(i);
        }
        add_frameworks();
        set_states();
        add_reserved_tasks();
        add_apps();
        add_chronos_tasks();
        add_pods();
        apply_states();
        add_rules();
        add_offers();
        return std::move(state_);
    }

 private:
    static constexpr std::int64_t day_ms = 86'400'000;

    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

    std::string make_uuid() {
        const std::uint64_t high = random_();
        const std::uint64_t low = random_();
        return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
                           high >> 32U,
                           (high >> 16U) & 0xFFFFU,
                           high & 0xFFFU,
                           low >> 52U,
                           low & 0xFFFFFFFFFFFFU);
    }

    void add_agent(std::size_t i) {
        constexpr std::array<std::int64_t, 4> sizes{16, 32, 32, 64};
        const std::int64_t cpus = sizes[below(sizes.size())];
        const std::string ip =
            fmt::format("127.{}.{}.{}", options_.network, i / 250 % 250, i % 250 + 1);
        FakeAgent agent{
            .id = fmt::format("{}-S{}", state_.mesos.master_id, i),
            .hostname =
                options_.has_addresses_as_names ? ip : fmt::format("agent-{:03}.localhost", i + 1),
            .ip = ip,
            .registered_ms = state_.mesos.elected_ms + static_cast<std::int64_t>(below(20'000))};
        agent.total = {make_scalar("cpus", cpus * unit),
                       make_scalar("mem", (cpus * 4'096 - 1'024) * unit),
                       make_scalar("disk", (200'000 + cpus * 5'000) * unit),
                       make_ports(31'000, 32'000)};
        agent.free = {.cpus = cpus * unit,
                      .mem = (cpus * 4'096 - 1'024) * unit,
                      .disk = (200'000 + cpus * 5'000) * unit};
        add_attributes(agent, i);
        add_domain(agent, i);
        add_reservations(agent, i);
        add_devices(agent, i);
        state_.agents.push_back(std::move(agent));
    }

    void add_attributes(FakeAgent& agent, std::size_t i) const {
        if (!options_.has_attributes) {
            return;
        }
        agent.attributes.push_back(text_attribute("rack", fmt::format("r{}", i / 8 % 40 + 1)));
        agent.attributes.push_back(text_attribute("kind", i % 3 == 0 ? "vm" : "bare"));
        agent.attributes.push_back({.name = "level",
                                    .kind = FakeAttribute::Kind::scalar,
                                    .milli = static_cast<std::int64_t>(i % 4) * 2'500});
        if (i % 5 == 2) {
            agent.attributes.push_back(
                {.name = "slots", .kind = FakeAttribute::Kind::ranges, .ranges = {{1, 3}, {7, 9}}});
        }
        if (i % 10 == 7) {  // given twice: the first one counts for Marathon
            agent.attributes.push_back(text_attribute("rack", "spare"));
        }
    }

    void add_domain(FakeAgent& agent, std::size_t i) const {
        if (options_.has_regions) {
            agent.region = i % 19 == 17 ? "eu-south" : state_.mesos.region;
            agent.zone = fmt::format("{}-{}", agent.region, std::array{"a", "b", "c"}[i % 3]);
        }
    }

    /// A reservation takes from what is not reserved.
    static void reserve(FakeAgent& agent,
                        const std::string& name,
                        std::int64_t milli,
                        const std::vector<FakeReservation>& reservations) {
        subtract_resource(agent.total, make_scalar(name, milli));
        add_resource(agent.total, reserved(make_scalar(name, milli), reservations));
        if (name == "cpus") {
            agent.free.cpus -= milli;
        } else if (name == "mem") {
            agent.free.mem -= milli;
        } else {
            agent.free.disk -= milli;
        }
    }

    void add_reservations(FakeAgent& agent, std::size_t i) const {
        if (!options_.has_reservations) {
            return;
        }
        const FakeReservation logs{.role = std::string(demo_cluster::static_role)};
        if (i % 5 == 1) {
            reserve(agent, "cpus", 4 * unit, {logs});
            reserve(agent, "mem", 8'192 * unit, {logs});
        }
        if (i % 10 == 1) {
            const FakeReservation hot{.is_dynamic = true,
                                      .role = std::string(demo_cluster::refined_role),
                                      .principal = "logstash"};
            subtract_resource(agent.total, reserved(make_scalar("cpus", unit), {logs}));
            add_resource(agent.total, reserved(make_scalar("cpus", unit), {logs, hot}));
            add_resource(agent.total, reserved(make_ports(25'000, 25'100), {logs}));
        }
        if (i % 7 == 3) {
            const FakeReservation db{.is_dynamic = true,
                                     .role = std::string(demo_cluster::dynamic_role),
                                     .principal = "dba",
                                     .labels = {{"owner", "dba"}}};
            reserve(agent, "cpus", 2'500, {db});
            reserve(agent, "mem", 4'096 * unit, {db});
            reserve(agent, "disk", 20'000 * unit, {db});
            FakeResource volume = reserved(make_scalar("disk", 500 * unit), {db});
            subtract_resource(agent.total, volume);
            volume.volume_id = fmt::format("pg-data-{}", i);
            volume.volume_path = "pg";
            add_resource(agent.total, std::move(volume));
        }
    }

    void add_devices(FakeAgent& agent, std::size_t i) const {
        if (options_.has_gpus && i % 13 == 5) {
            agent.total.push_back(make_scalar("gpus", 2 * unit));
            agent.free.gpus = 2 * unit;
        }
        if (options_.has_disks && i % 9 == 4) {
            FakeResource disk = make_scalar("disk", 400'000 * unit);
            const bool is_reserved = options_.has_reservations && i % 7 == 3;
            disk.source = i % 2 == 0 || is_reserved ? "PATH" : "MOUNT";
            if (is_reserved) {
                disk.reservations = {{.is_dynamic = true,
                                      .role = std::string(demo_cluster::dynamic_role),
                                      .principal = "dba"}};
            }
            disk.source_root = "/srv/mesos-disk";
            agent.total.push_back(std::move(disk));
        }
        if (options_.has_revocable && i % 23 == 6) {
            FakeResource spare = make_scalar("cpus", 4 * unit);
            spare.is_revocable = true;
            agent.total.push_back(std::move(spare));
        }
    }

    std::size_t add_framework(FakeFramework framework) {
        framework.id = fmt::format("{}-{:04}", state_.mesos.master_id, state_.frameworks.size());
        framework.registered_ms =
            state_.mesos.elected_ms + 1'000 * static_cast<std::int64_t>(state_.frameworks.size());
        state_.frameworks.push_back(std::move(framework));
        return state_.frameworks.size() - 1;
    }

    void add_frameworks() {
        state_.marathon.framework = add_framework(
            {.name = std::string(demo_cluster::marathon),
             .capabilities = {"PARTITION_AWARE", "TASK_KILLING_STATE", "REGION_AWARE"},
             .principal = "marathon",
             .webui_url = "http://127.0.0.1:8080",
             .failover_timeout = 604'800});
        if (options_.has_chronos) {
            chronos_ = add_framework(
                {.name = std::string(demo_cluster::chronos), .failover_timeout = 604'800});
        }
        if (options_.has_reservations) {
            logstash_ = add_framework({.name = std::string(demo_cluster::logstash),
                                       .roles = {std::string(demo_cluster::static_role)},
                                       .capabilities = {"MULTI_ROLE", "RESERVATION_REFINEMENT"},
                                       .principal = "logstash"});
            away_ = add_framework({.name = std::string(demo_cluster::away),
                                   .roles = {std::string(demo_cluster::dynamic_role)},
                                   .capabilities = {"MULTI_ROLE", "RESERVATION_REFINEMENT"},
                                   .is_active = false,
                                   .is_connected = false,
                                   .failover_timeout = 86'400});
        }
        if (options_.has_offers) {
            holder_ = add_framework({.name = std::string(demo_cluster::holder),
                                     .roles = {std::string(demo_cluster::quota_role)},
                                     .capabilities = {"MULTI_ROLE"}});
        }
    }

    FakeTask& start_task(FakeTask task) {
        task.container_id = make_uuid();
        task.started_ms = state_.now_ms - static_cast<std::int64_t>(below(20 * day_ms));
        task.staged_ms = task.started_ms - 3'000;
        return state_.add_task(std::move(task));
    }

    [[nodiscard]] static bool has_reserved(const FakeAgent& agent, std::string_view role) {
        return std::ranges::any_of(
            agent.total, [&](const FakeResource& resource) { return resource.role() == role; });
    }

    void add_reserved_tasks() {
        if (!options_.has_reservations) {
            return;
        }
        for (std::size_t i = 0; i < state_.agents.size(); ++i) {
            if (is_empty(state_.agents[i].state)) {
                continue;
            }
            if (has_reserved(state_.agents[i], demo_cluster::static_role)) {
                const std::string role(demo_cluster::static_role);
                start_task({.id = fmt::format("pipeline.{}", i),
                            .name = "pipeline",
                            .executor_id = fmt::format("logstash-{}", i),
                            .framework = logstash_,
                            .agent = i,
                            .role = role,
                            .amounts = {.cpus = 1'500, .mem = 2'048 * unit},
                            .from_role = role});
                state_.executors.push_back({.id = fmt::format("logstash-{}", i),
                                            .name = "logstash",
                                            .framework = logstash_,
                                            .agent = i,
                                            .role = role,
                                            .from_role = role,
                                            .cpus = 100,
                                            .mem = 256 * unit});
            }
            if (has_reserved(state_.agents[i], demo_cluster::dynamic_role)) {
                const std::string role(demo_cluster::dynamic_role);
                start_task({.id = fmt::format("node.{}", i),
                            .name = "node",
                            .framework = away_,
                            .agent = i,
                            .role = role,
                            .amounts = {.cpus = 2 * unit, .mem = 3'072 * unit},
                            .from_role = role});
            }
        }
    }

    void add_apps() {
        const std::size_t wanted = options_.agents * options_.tasks_per_agent;
        for (std::size_t i = 0; i < options_.apps; ++i) {
            DemoApp app = make_demo_app(i, random_());
            const std::size_t share = std::max<std::size_t>(1, wanted / options_.apps);
            const bool is_unique = app.is_unique_per_host;
            std::size_t instances = std::max<std::size_t>(1, share / 2 + below(share + 1));
            if (is_unique) {
                instances = std::min(instances, std::max<std::size_t>(1, options_.agents / 2));
            }
            if (i % 12 == 11) {
                instances = 0;  // suspended
            }
            add_app(std::move(app), instances);
        }
        DemoApp app = make_demo_app(options_.apps, random_());
        app.id = demo_cluster::too_large_app;
        app.fields["cpus"] = "100";
        add_app(std::move(app), 2);
    }

    void add_app(DemoApp app, std::size_t instances) {
        const std::int64_t age = static_cast<std::int64_t>(1 + below(60)) * day_ms;
        const std::string version = format_millis(state_.now_ms - age);
        app.fields["instances"] = std::to_string(instances);
        const PlacementNeeds needs = needs_of(app.fields);
        std::vector<std::size_t> placed;
        std::size_t start = options_.agents > 0 ? below(options_.agents) : 0;
        for (std::size_t i = 0; i < instances; ++i) {
            const auto place = find_place(state_, needs, placed, start);
            if (!place) {
                state_.marathon.queued_since[app.id] = format_millis(state_.now_ms - 600'000);
                break;
            }
            start = *place + 1;
            placed.push_back(*place);
            FakeTask task = make_app_task(state_, app.id, app.fields, *place, make_uuid());
            task.app_version = version;
            FakeTask& started = start_task(std::move(task));
            started.started_ms =
                state_.now_ms - static_cast<std::int64_t>(below(static_cast<std::uint64_t>(age)));
            started.staged_ms = started.started_ms - 1;
        }
        FakeApp& added = state_.marathon.apps[app.id];
        added.fields = std::move(app.fields);
        added.version = added.last_config_change_at = added.last_scaling_at = version;
        added.versions[version] = added.fields;
    }

    void add_chronos_tasks() {
        if (!options_.has_chronos) {
            return;
        }
        const std::size_t count = std::max<std::size_t>(1, options_.agents / 10);
        for (std::size_t i = 0; i < count && !state_.agents.empty(); ++i) {
            const FakeAmounts amounts{.cpus = 100, .mem = 128 * unit, .disk = 256 * unit};
            const auto place =
                find_place(state_, {.amounts = amounts}, {}, below(state_.agents.size()));
            if (place) {
                const std::string over =
                    fmt::format("ct:{}:0:index-cleanup-{}:", state_.now_ms - day_ms, i);
                start_task({.id = over,
                            .name = fmt::format("ChronosTask:index-cleanup-{}", i),
                            .framework = chronos_,
                            .agent = *place,
                            .amounts = amounts});
                state_.end_task(over, i % 5 == 3 ? "TASK_FAILED" : "TASK_FINISHED");
                start_task({.id = fmt::format("ct:{}:0:index-cleanup-{}:", state_.now_ms, i),
                            .name = fmt::format("ChronosTask:index-cleanup-{}", i),
                            .framework = chronos_,
                            .agent = *place,
                            .amounts = amounts});
            }
        }
    }

    void add_pods() {
        for (std::size_t i = 0; i < options_.pods && !state_.agents.empty(); ++i) {
            const DemoPod pod = make_demo_pod(i, state_.now_ms);
            start_pod(state_, pod.id, pod.pod);
        }
    }

    /// Those in trouble run what they ran before, save where they have been emptied.
    void set_states() {
        if (!options_.has_states) {
            return;
        }
        constexpr std::array states{AgentState::deactivated,
                                    AgentState::draining,
                                    AgentState::drained,
                                    AgentState::disconnected,
                                    AgentState::unreachable,
                                    AgentState::recovered};
        for (std::size_t i = 9; i < state_.agents.size(); i += 20) {
            FakeAgent& agent = state_.agents[i];
            agent.drain_started_ms = state_.now_ms - 60'000;
            later_[i] = states[i / 20 % states.size()];
            if (is_empty(later_[i])) {
                agent.state = later_[i];
            }
        }
    }

    static bool is_empty(AgentState state) {
        return state == AgentState::drained || state == AgentState::recovered;
    }

    void apply_states() {
        for (const auto& [i, state] : later_) {
            FakeAgent& agent = state_.agents[i];
            agent.state = state;
            for (const std::string& id : agent.tasks) {
                if (state == AgentState::draining) {
                    state_.tasks.at(id).state = "TASK_KILLING";
                }
            }
        }
    }

    void add_rules() {
        if (options_.has_quota) {
            state_.mesos.quotas[std::string(demo_cluster::quota_role)] = {
                .guarantee = {{"cpus", 10 * unit}, {"mem", 20'480 * unit}},
                .limit = {{"cpus", 40 * unit}, {"mem", 81'920 * unit}}};
            state_.mesos.weights["logs"] = 2.0;
        }
        if (options_.has_maintenance && state_.agents.size() > 4) {
            FakeWindow window{.start_ns = (state_.now_ms + 3'600'000) * 1'000'000,
                              .duration_ns = 7'200'000'000'000};
            for (const std::size_t i : {std::size_t{2}, std::size_t{4}}) {
                window.machines.push_back({state_.agents[i].hostname, state_.agents[i].ip});
            }
            state_.mesos.windows.push_back(std::move(window));
        }
    }

    void add_offers() {
        if (!options_.has_offers) {
            return;
        }
        std::size_t held = 0;
        for (std::size_t i = 0; i < state_.agents.size() && held < 2; ++i) {
            const FakeAgent& agent = state_.agents[i];
            if (agent.state != AgentState::active || agent.free.cpus < unit ||
                agent.free.mem < 1'024 * unit || agent.free.gpus > 0) {
                continue;
            }
            FakeOffer offer{
                .id = fmt::format("{}-O{}", state_.mesos.master_id, state_.mesos.offers_made++),
                .framework = holder_,
                .agent = i,
                .role = std::string(demo_cluster::quota_role)};
            for (FakeResource resource : {make_scalar("cpus", unit),
                                          make_scalar("mem", 1'024 * unit),
                                          make_ports(31'900, 31'950)}) {
                resource.allocated_to = offer.role;
                offer.resources.push_back(std::move(resource));
            }
            state_.offers.push_back(std::move(offer));
            ++held;
        }
    }

    const ClusterOptions& options_;
    std::mt19937_64 random_;
    PlatformState state_{};
    std::map<std::size_t, AgentState> later_{};  // when all have their tasks
    std::size_t chronos_ = 0;
    std::size_t logstash_ = 0;
    std::size_t away_ = 0;
    std::size_t holder_ = 0;
};

}  // namespace

std::vector<std::string_view> cluster_feature_names() {
    std::vector<std::string_view> names;
    for (const Feature& feature : features) {
        names.push_back(feature.name);
    }
    return names;
}

bool leave_out(ClusterOptions& options, std::string_view feature) {
    const auto* const found = std::ranges::find(features, feature, &Feature::name);
    if (found == features.end()) {
        return false;
    }
    options.*found->has = false;
    return true;
}

PlatformState make_platform(const ClusterOptions& options) {
    return ClusterMaker(options).make();
}

}  // namespace caretaker::sandbox
