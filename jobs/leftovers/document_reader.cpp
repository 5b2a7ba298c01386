// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/document_reader.hpp"

#include "common/clients/marathon_app.hpp"
#include "common/json/json_members.hpp"
#include "common/text/timestamp.hpp"
#include "jobs/leftovers/repeated_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 9> terminal_states{"TASK_FINISHED",
                                                          "TASK_FAILED",
                                                          "TASK_KILLED",
                                                          "TASK_LOST",
                                                          "TASK_ERROR",
                                                          "TASK_DROPPED",
                                                          "TASK_GONE",
                                                          "TASK_GONE_BY_OPERATOR",
                                                          "TASK_UNREACHABLE"};

/// Of a machine's id as the operator wrote it: a part that is left out is the empty text.
Machine read_machine(JsonView id) {
    return {.hostname = json_text_or_empty(id, "hostname"),
            .address = json_text_or_empty(id, "ip")};
}

std::chrono::nanoseconds read_nanoseconds(JsonView time) {
    return std::chrono::nanoseconds(time.at("nanoseconds").integer_or_digits());
}

}  // namespace

struct DocumentReader::Place {
    std::string_view pattern{};
    void (DocumentReader::*take)(JsonView) = nullptr;
};

/// What is read of which document; the first pattern that fits a value counts.
std::span<const DocumentReader::Place> DocumentReader::places() {
    using Reader = DocumentReader;
    static constexpr std::array table{
        Place{"/slaves/*", &Reader::take_agent},
        Place{"/recovered_slaves/*", &Reader::take_recovered},
        Place{"/frameworks/*/tasks/*", &Reader::take_use},
        Place{"/frameworks/*/executors/*", &Reader::take_use},
        Place{"/get_agents/agents/*", &Reader::take_v1_agent},
        Place{"/get_state/get_agents/agents/*", &Reader::take_v1_agent},
        Place{"/get_agents/recovered_agents/*", &Reader::take_v1_recovered},
        Place{"/get_state/get_agents/recovered_agents/*", &Reader::take_v1_recovered},
        Place{"/flags", &Reader::take_flags},
        Place{"/get_flags/flags/*", &Reader::take_v1_flag},
        Place{"/windows/*", &Reader::take_window},
        Place{"/get_maintenance_schedule/schedule/windows/*", &Reader::take_window},
        Place{"/down_machines/*", &Reader::take_down_machine},
        Place{"/get_maintenance_status/status/down_machines/*", &Reader::take_down_machine},
        Place{"/unreachable_slaves", &Reader::take_unreachable},
        Place{"/leader_info", &Reader::take_master},
        Place{"/get_master/master_info", &Reader::take_master},
        Place{"/get_state/get_master/master_info", &Reader::take_master},
        Place{"/version", &Reader::take_version},
        Place{"/roles/*", &Reader::take_role},
        Place{"/apps/*", &Reader::take_app},
        Place{"/tasks/*", &Reader::take_task},
        Place{"/[]", &Reader::take_pod},
        Place{"/pods/*", &Reader::take_pod},
        Place{"/queue/*", &Reader::take_queued},
        Place{"/marathon_config", &Reader::take_marathon_config},
        Place{"/leader", &Reader::take_leader},
        Place{"/caretaker_case", &Reader::take_case},
    };
    return table;
}

bool DocumentReader::read(const JsonSource& source, const std::string& what) {
    builder_.begin_document();
    bool is_known = false;
    is_marathons_ = false;
    version_ = facts_.mesos_version;
    const JsonSource counted = [&](std::span<char> buffer) {
        const std::size_t count = source(buffer);
        facts_.input_bytes += count;
        return count;
    };
    std::vector<std::string_view> patterns;
    for (const Place& place : places()) {
        patterns.push_back(place.pattern);
    }
    read_json_elements(counted, what, patterns, [&](const JsonElement& element) {
        const Place& place = places()[element.pattern];
        is_known = true;
        (this->*place.take)(element.value);
        if (on_value_) {
            on_value_(place.pattern, element.value);
        }
    });
    (is_marathons_ ? facts_.workload.settings.version : facts_.mesos_version) = version_;
    return is_known;
}

bool DocumentReader::has_empty_list(const JsonSource& source, const std::string& what) {
    constexpr std::string_view any_element = "/*";
    std::vector<std::string_view> lists;
    for (const Place& place : places()) {
        if (place.pattern.ends_with(any_element)) {
            lists.push_back(place.pattern.substr(0, place.pattern.size() - any_element.size()));
        }
    }
    bool is_found = false;
    read_json_elements(
        source, what, lists, [&](const JsonElement& /*element*/) { is_found = true; });
    return is_found;
}

DocumentReader::Mark DocumentReader::mark() const {
    return {.builder = builder_.mark(),
            .pods = pods_.mark(),
            .apps = facts_.workload.apps.size(),
            .tasks = facts_.workload.tasks.size(),
            .settings = facts_.workload.settings,
            .waiting = facts_.workload.waiting,
            .quotas = facts_.quotas,
            .windows = facts_.windows.size(),
            .down_machines = facts_.down_machines.size(),
            .unread = facts_.unread.size(),
            .flags = facts_.flags,
            .unreachable = facts_.unreachable,
            .mesos_version = facts_.mesos_version,
            .region = region_,
            .is_workload_known = facts_.workload.is_known,
            .has_agents = has_agents_,
            .knows_marathon_leader = knows_marathon_leader_};
}

void DocumentReader::rewind(const Mark& mark) {
    builder_.rewind(mark.builder);
    pods_.rewind(mark.pods);
    facts_.workload.apps.resize(mark.apps);
    facts_.workload.tasks.resize(mark.tasks);
    facts_.workload.settings = mark.settings;
    facts_.workload.waiting = mark.waiting;
    facts_.workload.is_known = mark.is_workload_known;
    facts_.quotas = mark.quotas;
    facts_.windows.resize(mark.windows);
    facts_.down_machines.resize(mark.down_machines);
    facts_.unread.resize(mark.unread);
    facts_.flags = mark.flags;
    facts_.unreachable = mark.unreachable;
    facts_.mesos_version = mark.mesos_version;
    region_ = mark.region;
    has_agents_ = mark.has_agents;
    knows_marathon_leader_ = mark.knows_marathon_leader;
}

void DocumentReader::take_agent(JsonView value) {
    add_agent(value, read_mesos_agent);
}

void DocumentReader::take_v1_agent(JsonView value) {
    add_agent(value, read_mesos_v1_agent);
}

void DocumentReader::take_unreachable(JsonView value) {
    facts_.unreachable = value.integer();
}

void DocumentReader::take_master(JsonView value) {
    const std::string region = read_mesos_region(value);
    region_ = region.empty() ? region_ : region;
}

void DocumentReader::take_version(JsonView value) {
    version_ = value.text();
}

void DocumentReader::take_leader(JsonView value) {
    knows_marathon_leader_ = knows_marathon_leader_ || value.is_text();
}

void DocumentReader::take_case(JsonView value) {
    saved_time_ = parse_rfc3339(value.at("now").text());
}

/// One that cannot be read must not hide the others.
void DocumentReader::add_agent(JsonView value, MesosAgent (*read_agent)(JsonView)) {
    has_agents_ = true;
    try {
        builder_.add(read_agent(value));
    } catch (const JsonError& error) {  // it becomes a problem of the run
        note_unread(value, "agent", error);
    }
}

void DocumentReader::note_unread(JsonView value, std::string_view kind, const JsonError& error) {
    std::string subject = value.path();
    for (const std::string_view name : {"hostname", "id"}) {
        const auto member = value.is_object() ? value.find(name) : std::nullopt;
        if (member && member->is_text()) {
            subject = member->text();
            break;
        }
    }
    facts_.unread.push_back(
        {.subject = fmt::format("{} {}", kind, subject), .message = error.what()});
}

/// Quota of a role counts for all below it, and only top-level roles have any. A role that comes
/// again, because an answer broke off, replaces itself.
void DocumentReader::take_role(JsonView value) {
    const auto quota = value.is_object() ? value.find("quota") : std::nullopt;
    RoleQuota read{.role = quota ? json_text_or_empty(value, "name") : std::string()};
    if (read.role.empty() || read.role.find('/') != std::string::npos) {
        return;
    }
    for (const auto& [name, sums] : {std::pair("guarantee", &read.guarantee),
                                     std::pair("limit", &read.limit),
                                     std::pair("consumed", &read.consumed)}) {
        if (const auto amounts = quota->find(name)) {
            *sums = read_mesos_sums(*amounts);
        }
    }
    std::erase_if(facts_.quotas, [&](const RoleQuota& known) { return known.role == read.role; });
    if (!read.guarantee.scalars.empty() || !read.limit.scalars.empty()) {
        facts_.quotas.push_back(std::move(read));
    }
}

void DocumentReader::take_app(JsonView value) {
    facts_.workload.is_known = true;
    try {
        facts_.workload.apps.push_back(read_marathon_app(value));
    } catch (const JsonError& error) {  // it becomes a problem of the run
        note_unread(value, "app", error);
    }
}

/// Mesos has a document with a list of this name, too.
void DocumentReader::take_task(JsonView value) {
    if (!value.is_object() || !value.find("appId")) {
        return;
    }
    try {
        MarathonTask task = read_marathon_task(value);
        for (SharedText* text : {&task.app, &task.host, &task.agent, &task.state}) {
            texts_.share(*text);
        }
        facts_.workload.tasks.push_back(std::move(task));
    } catch (const JsonError& error) {  // it becomes a problem of the run
        note_unread(value, "task", error);
    }
}

void DocumentReader::take_pod(JsonView value) {
    const bool is_pod =
        pods_.take(value, [&](JsonView part, std::string_view kind, const auto& error) {
            note_unread(part, kind, error);  // it becomes a problem of the run
        });
    facts_.workload.is_known = facts_.workload.is_known || is_pod;
}

void DocumentReader::take_queued(JsonView value) {
    const auto app = value.find("app");
    const auto spec = app ? app : value.find("pod");
    const auto count = value.find("count");
    if (spec && count) {
        facts_.workload.waiting[std::string(spec->at("id").text())] = count->integer();
    }
}

void DocumentReader::take_marathon_config(JsonView value) {
    facts_.workload.is_known = true;
    is_marathons_ = true;
    const std::string role = json_text_or_empty(value, "mesos_role");
    facts_.workload.settings.role = role.empty() ? "*" : role;
}

/// What came again, because an answer broke off or stands in two files: the last counts.
void DocumentReader::drop_repeated() {
    pods_.move_to(facts_.workload);
    keep_last_of_each_id(facts_.workload.apps);
    keep_last_of_each_id(facts_.workload.tasks);
    for (MarathonTask& task : facts_.workload.tasks) {
        task.id.clear();  // the longest of its texts, and in no other task
    }
    std::ranges::sort(facts_.quotas, {}, &RoleQuota::role);
}

void DocumentReader::take_recovered(JsonView value) {
    has_agents_ = true;
    builder_.add_recovered(
        {.id = json_text_or_empty(value, "id"), .hostname = json_text_or_empty(value, "hostname")});
}

void DocumentReader::take_v1_recovered(JsonView value) {
    const auto id = value.find("id");
    has_agents_ = true;
    builder_.add_recovered({.id = id ? json_text_or_empty(*id, "value") : std::string(),
                            .hostname = json_text_or_empty(value, "hostname")});
}

/// Tasks that are over and not acknowledged yet use nothing. Executors that stand in the form of
/// protobuf (some of Mesos 0.27) are of masters that tell sums.
void DocumentReader::take_use(JsonView value) {
    const auto resources = value.find("resources");
    const auto agent = value.find("slave_id");
    if (!resources || !resources->is_object() || !agent || !agent->is_text() ||
        std::ranges::find(terminal_states, json_text_or_empty(value, "state")) !=
            terminal_states.end()) {
        return;
    }
    builder_.add_use(std::string(agent->text()), read_mesos_sums(*resources));
}

void DocumentReader::take_v1_flag(JsonView value) {
    take_flag(json_text_or_empty(value, "name"), value);
}

void DocumentReader::take_flags(JsonView value) {
    if (value.is_object()) {
        for (const JsonMember& member : value.members()) {
            if (member.name == "min_allocatable_resources" ||
                member.name == "allocation_interval") {
                take_flag(member.name, value);
            }
        }
    }
}

/// `holder` has the text as the member of the flag's name, or as "value".
void DocumentReader::take_flag(std::string_view name, JsonView holder) {
    const auto text_of = [&] {
        const auto direct = holder.find(name);
        return direct ? std::string(direct->text()) : json_text_or_empty(holder, "value");
    };
    if (name == "allocation_interval") {  // only a probe for offers looks at it
        facts_.flags.allocation_interval =
            parse_mesos_duration(text_of()).value_or(facts_.flags.allocation_interval);
        return;
    }
    if (name != "min_allocatable_resources") {
        return;
    }
    const std::string text = text_of();
    if (auto parsed = parse_min_allocatable(text)) {
        facts_.flags.min_allocatable = std::move(*parsed);
    } else {
        facts_.unread.push_back(
            {.subject = "flag min_allocatable_resources",
             .message = "the master's flag min_allocatable_resources is '" + text +
                        "', which this version cannot read; Mesos' default is taken"});
    }
}

void DocumentReader::take_window(JsonView value) {
    MaintenanceWindow window;
    for (const JsonView& id : json_elements_of(value, "machine_ids")) {
        window.machines.push_back(read_machine(id));
    }
    const JsonView unavailability = value.at("unavailability");
    window.start = read_nanoseconds(unavailability.at("start"));
    if (const auto duration = unavailability.find("duration")) {
        window.duration = read_nanoseconds(*duration);
    }
    facts_.windows.push_back(std::move(window));
}

void DocumentReader::take_down_machine(JsonView value) {
    const auto id = value.find("id");
    facts_.down_machines.push_back(read_machine(id ? *id : value));
}

ClusterFacts DocumentReader::finish() {
    drop_repeated();
    facts_.cluster = builder_.finish(region_);
    facts_.listed_twice = builder_.listed_twice();
    return std::move(facts_);
}

}  // namespace caretaker
