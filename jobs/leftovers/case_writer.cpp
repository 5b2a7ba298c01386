// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/case_writer.hpp"

#include "common/base/error.hpp"
#include "common/json/json_copy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <system_error>

namespace caretaker {

namespace {

/// What of a value is used, by its place. A name keeps the whole member.
struct UsedMembers {
    std::string_view pattern{};
    std::span<const std::string_view> names{};
};

constexpr std::array<std::string_view, 22> agent_names{"id",
                                                       "hostname",
                                                       "pid",
                                                       "active",
                                                       "deactivated",
                                                       "drain_info",
                                                       "domain",
                                                       "attributes",
                                                       "registered_time",
                                                       "reregistered_time",
                                                       "resources",
                                                       "used_resources",
                                                       "offered_resources",
                                                       "reserved_resources",
                                                       "unreserved_resources",
                                                       "reserved_resources_full",
                                                       "unreserved_resources_full",
                                                       "used_resources_full",
                                                       "offered_resources_full",
                                                       "total_resources",
                                                       "allocated_resources",
                                                       "agent_info"};
constexpr std::array<std::string_view, 4> use_names{"id", "slave_id", "state", "resources"};
constexpr std::array<std::string_view, 1> flag_names{"min_allocatable_resources"};
constexpr std::array<std::string_view, 19> app_names{"id",
                                                     "instances",
                                                     "cpus",
                                                     "mem",
                                                     "disk",
                                                     "gpus",
                                                     "role",
                                                     "acceptedResourceRoles",
                                                     "constraints",
                                                     "requirePorts",
                                                     "portDefinitions",
                                                     "ports",
                                                     "residency",
                                                     "versionInfo",
                                                     "upgradeStrategy",
                                                     "container",
                                                     "labels",
                                                     "networks",
                                                     "killSelection"};
constexpr std::array<std::string_view, 9> task_names{
    "id", "appId", "host", "slaveId", "state", "version", "ports", "startedAt", "stagedAt"};
constexpr std::array<std::string_view, 10> pod_names{"id",
                                                     "spec",
                                                     "instances",
                                                     "role",
                                                     "labels",
                                                     "scaling",
                                                     "scheduling",
                                                     "executorResources",
                                                     "containers",
                                                     "volumes"};
constexpr std::array<std::string_view, 3> queue_names{"app", "pod", "count"};
constexpr std::array<std::string_view, 1> config_names{"mesos_role"};
constexpr std::array<std::string_view, 1> master_names{"domain"};
constexpr std::array<std::string_view, 2> role_names{"name", "quota"};

constexpr std::array used_members{
    UsedMembers{"/slaves/*", agent_names},
    UsedMembers{"/recovered_slaves/*", agent_names},
    UsedMembers{"/get_agents/agents/*", agent_names},
    UsedMembers{"/get_state/get_agents/agents/*", agent_names},
    UsedMembers{"/frameworks/*/tasks/*", use_names},
    UsedMembers{"/frameworks/*/executors/*", use_names},
    UsedMembers{"/leader_info", master_names},
    UsedMembers{"/get_master/master_info", master_names},
    UsedMembers{"/get_state/get_master/master_info", master_names},
    UsedMembers{"/flags", flag_names},
    UsedMembers{"/roles/*", role_names},
    UsedMembers{"/apps/*", app_names},
    UsedMembers{"/tasks/*", task_names},
    UsedMembers{"/pods/*", pod_names},
    UsedMembers{"/queue/*", queue_names},
    UsedMembers{"/marathon_config", config_names},
};

/// Members of which only a part is kept, for the rest may hold secrets.
constexpr std::array<std::string_view, 3> container_names{"portMappings", "volumes", "docker"};
constexpr std::array<std::string_view, 1> docker_names{"portMappings"};
constexpr std::array<std::string_view, 1> label_names{"GPU_SCHEDULING_BEHAVIOR"};
constexpr std::array<std::string_view, 1> queued_app_names{"id"};
constexpr std::array<std::string_view, 7> instance_names{
    "id", "status", "statusSince", "agentHostname", "agentId", "specReference", "containers"};
constexpr std::array<std::string_view, 4> pod_container_names{
    "name", "status", "resources", "endpoints"};
constexpr std::array<std::string_view, 2> endpoint_names{"hostPort", "allocatedHostPort"};
constexpr std::array<std::string_view, 3> scheduling_names{"upgrade", "placement", "killSelection"};
constexpr std::array cut_members{
    UsedMembers{"container", container_names},
    UsedMembers{"docker", docker_names},
    UsedMembers{"labels", label_names},
    UsedMembers{"app", queued_app_names},
    UsedMembers{"pod", queued_app_names},
    UsedMembers{"spec", pod_names},
    UsedMembers{"instances", instance_names},
    UsedMembers{"containers", pod_container_names},
    UsedMembers{"endpoints", endpoint_names},
    UsedMembers{"scheduling", scheduling_names},
};

void copy_cut(JsonWriter& json, JsonView value, std::span<const std::string_view> names);

/// The members of these names alone.
void copy_used(JsonWriter& json, JsonView object, std::span<const std::string_view> names) {
    json.begin_object();
    for (const JsonMember& member : object.members()) {
        if (std::ranges::find(names, member.name) == names.end()) {
            continue;
        }
        json.key(member.name);
        const auto cut = std::ranges::find(cut_members, member.name, &UsedMembers::pattern);
        if (cut != cut_members.end()) {
            copy_cut(json, member.value, cut->names);
        } else {
            copy_json(member.value, json);
        }
    }
    json.end_object();
}

/// Of an object or of each object of a list.
void copy_cut(JsonWriter& json, JsonView value, std::span<const std::string_view> names) {
    if (value.is_object()) {
        copy_used(json, value, names);
    } else if (value.is_array()) {
        json.begin_array();
        for (const JsonView& element : value.elements()) {
            copy_cut(json, element, names);
        }
        json.end_array();
    } else {
        copy_json(value, json);
    }
}

/// "/frameworks/*/tasks/*" as its parts.
std::vector<std::string> split_pattern(std::string_view pattern) {
    std::vector<std::string> segments;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);
        const std::size_t end = std::min(pattern.find('/'), pattern.size());
        segments.emplace_back(pattern.substr(0, end));
        pattern.remove_prefix(end);
    }
    return segments;
}

}  // namespace

CaseWriter::CaseWriter(std::filesystem::path directory) : directory_(std::move(directory)) {
    std::error_code failure;
    std::filesystem::create_directory(directory_, failure);
    if (!std::filesystem::is_directory(directory_)) {
        throw Error(ExitCode::failed,
                    "save",
                    fmt::format("saving the case in {}: {}; name a directory whose parent exists",
                                directory_.string(),
                                failure ? failure.message() : "it is a file"));
    }
}

void CaseWriter::begin(std::string_view name) {
    end();
    name_ = name;
    restart();
}

void CaseWriter::restart() {
    levels_.clear();
    out_.reset();
    file_.emplace((directory_ / (name_ + ".json")).string());
    out_.emplace([this](std::string_view piece) { file_->write(piece); });
    json_.emplace();
    json_->begin_object();
    levels_.emplace_back();
}

void CaseWriter::add(std::string_view pattern, JsonView value) {
    if (pattern == "/[]") {
        pattern = "/pods/*";  // every document that is written is an object
    }
    open_to(split_pattern(pattern));
    const auto used = std::ranges::find(used_members, pattern, &UsedMembers::pattern);
    if (used == used_members.end() || !value.is_object()) {
        copy_json(value, *json_);
    } else {
        copy_used(*json_, value, used->names);
    }
    json_->move_to(*out_);
}

/// Goes to where the value of a pattern stands, within the open arrays and objects where it can: an
/// element of an array that has such a member already is followed by another one.
void CaseWriter::open_to(const std::vector<std::string>& segments) {
    std::size_t depth = 0;
    while (depth + 1 < levels_.size() && depth + 1 < segments.size() &&
           levels_[depth + 1].segment == segments[depth]) {
        ++depth;
    }
    while (depth > 0 && !levels_[depth].is_array && levels_[depth].segment == "*" &&
           levels_[depth].names.contains(segments[depth])) {
        --depth;
    }
    close_to(depth + 1);
    for (std::size_t i = depth; i < segments.size(); ++i) {
        const bool is_last = i + 1 == segments.size();
        if (!levels_.back().is_array) {
            json_->key(segments[i]);
            levels_.back().names.insert(segments[i]);
        }
        if (!is_last) {
            open(segments[i], segments[i + 1] == "*");
        }
    }
}

void CaseWriter::open(const std::string& segment, bool is_array) {
    if (is_array) {
        json_->begin_array();
    } else {
        json_->begin_object();
    }
    levels_.push_back({.segment = segment, .is_array = is_array});
}

void CaseWriter::close_to(std::size_t depth) {
    while (levels_.size() > depth) {
        if (levels_.back().is_array) {
            json_->end_array();
        } else {
            json_->end_object();
        }
        levels_.pop_back();
    }
}

void CaseWriter::end() {
    if (file_) {
        close_to(0);
        json_->end_line();
        json_->move_to(*out_);
        out_.reset();
        file_->publish();
        file_.reset();
    }
}

void CaseWriter::finish(WallTime now) {
    begin("case");
    json_->key("caretaker_case");
    json_->begin_object();
    json_->member("now", now);
    json_->end_object();
    end();
}

}  // namespace caretaker
