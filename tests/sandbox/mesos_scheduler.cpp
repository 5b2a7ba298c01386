// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/mesos_scheduler.hpp"

#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/marathon_deployments.hpp"
#include "tests/sandbox/mesos_documents.hpp"
#include "tests/sandbox/mesos_offers.hpp"
#include "tests/sandbox/mesos_v1_documents.hpp"
#include "tests/sandbox/request_target.hpp"
#include "tests/support/served_stream.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>

namespace caretaker::sandbox {

namespace {

constexpr double default_refusal_seconds = 5;
constexpr double longest_refusal_seconds = 365.0 * 86'400;

std::string format_event(std::string_view type, const std::function<void(Json&)>& write) {
    return format_document([&](Json& json) { write_v1(json, type, write); });
}

std::string format_error(const std::string& message) {
    return format_event("ERROR", [&](Json& json) { json.text("message", message); });
}

std::string text_of(const rapidjson::Value& object, const char* name) {
    return object.IsObject() && object.HasMember(name) && object[name].IsString()
               ? object[name].GetString()
               : "";
}

std::string id_of(const rapidjson::Value& object, const char* name) {
    return object.IsObject() && object.HasMember(name) ? text_of(object[name], "value") : "";
}

/// The texts of a list, or the "value"s of its objects.
std::vector<std::string> list_of(const rapidjson::Value& object,
                                 const char* name,
                                 const char* member = "value") {
    std::vector<std::string> list;
    if (object.IsObject() && object.HasMember(name) && object[name].IsArray()) {
        for (const auto& value : object[name].GetArray()) {
            list.push_back(value.IsString() ? std::string(value.GetString())
                                            : text_of(value, member));
        }
    }
    return list;
}

/// A framework as it describes itself.
FakeFramework read_framework(const rapidjson::Value& info) {
    FakeFramework framework{.name = text_of(info, "name"),
                            .capabilities = list_of(info, "capabilities", "type"),
                            .user = text_of(info, "user"),
                            .principal = text_of(info, "principal"),
                            .hostname = text_of(info, "hostname"),
                            .is_checkpointing = false};
    const std::vector<std::string> roles = list_of(info, "roles");
    if (!roles.empty()) {
        framework.roles = roles;
    } else if (const std::string role = text_of(info, "role"); !role.empty()) {
        framework.roles = {role};
    }
    if (info.IsObject() && info.HasMember("failover_timeout") &&
        info["failover_timeout"].IsNumber()) {
        framework.failover_timeout = info["failover_timeout"].GetDouble();
    }
    return framework;
}

/// Why a master would not have it; empty where it would.
std::string find_framework_fault(const rapidjson::Value& info, const FakeFramework& framework) {
    const bool has_roles = !list_of(info, "roles").empty();
    if (has_roles && !framework.can("MULTI_ROLE")) {
        return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
    }
    if (!text_of(info, "role").empty() && framework.can("MULTI_ROLE")) {
        return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
    }
    for (const std::string& role : framework.roles) {
        if (const std::string fault = find_role_fault(role); !fault.empty()) {
            return fmt::format("'FrameworkInfo.roles' contains invalid role: {}", fault);
        }
    }
    return {};
}

void write_record(ServedStream& stream, const std::string& event, std::size_t chunk_bytes) {
    const std::string record = fmt::format("{}\n{}", event.size(), event);
    const std::size_t piece = chunk_bytes == 0 ? record.size() : chunk_bytes;
    for (std::size_t at = 0; at < record.size(); at += piece) {
        stream.write(std::string_view(record).substr(at, piece));
    }
}

}  // namespace

struct MesosScheduler::Call {
    rapidjson::Document body{};
    std::string type{};
    std::string framework_id{};
    std::string stream_id{};

    /// The member of the call's own name, e.g. "decline"; null where it is not there.
    [[nodiscard]] const rapidjson::Value& own() const {
        static const rapidjson::Value none;
        std::string name = type;
        std::ranges::transform(name, name.begin(), [](unsigned char letter) {
            return static_cast<char>(std::tolower(letter));
        });
        return body.HasMember(name.c_str()) ? body[name.c_str()] : none;
    }
};

MesosScheduler::MesosScheduler(FakePlatform& platform, SchedulerOptions options)
    : platform_(platform), options_(options) {}

ServedAnswer MesosScheduler::answer(const MesosScene& scene, const HttpRequest& request) {
    if (auto refusal = refuse_call_form(request)) {
        return *refusal;
    }
    Call call;
    call.body.Parse(request.body.c_str());
    call.type = text_of(call.body, "type");
    call.framework_id = id_of(call.body, "framework_id");
    call.stream_id = find_header(request.headers, "Mesos-Stream-Id");
    constexpr std::array<std::string_view, 9> known{"SUBSCRIBE",
                                                    "TEARDOWN",
                                                    "DECLINE",
                                                    "REVIVE",
                                                    "SUPPRESS",
                                                    "RECONCILE",
                                                    "ACKNOWLEDGE",
                                                    "KILL",
                                                    "MESSAGE"};
    constexpr std::array<std::string_view, 6> with_member{
        "SUBSCRIBE", "DECLINE", "RECONCILE", "ACKNOWLEDGE", "KILL", "MESSAGE"};
    const auto refuse_missing = [](std::string name) {
        std::ranges::transform(name, name.begin(), [](unsigned char letter) {
            return static_cast<char>(std::tolower(letter));
        });
        return text_answer(
            400,
            fmt::format("Failed to validate scheduler::Call: Expecting '{}' to be present", name));
    };
    if (std::ranges::find(known, call.type) == known.end()) {
        return refuse_missing("type");
    }
    if (std::ranges::find(with_member, call.type) != with_member.end() && !call.own().IsObject()) {
        return refuse_missing(call.type);
    }
    const std::lock_guard lock(mutex_);
    if (call.type == "SUBSCRIBE") {
        return subscribe(scene, call);
    }
    if (call.stream_id.empty() && scene.version().since(0, 28)) {
        return text_answer(400,
                           "All non-subscribe calls should include the 'Mesos-Stream-Id' header");
    }
    const auto found = subscriptions_.find(call.framework_id);
    if (found == subscriptions_.end() || found->second->is_over) {
        return text_answer(400, "Framework cannot be found");
    }
    if (scene.version().since(0, 28) && call.stream_id != found->second->stream_id) {
        return text_answer(400,
                           fmt::format("The stream ID '{}' included in this request didn't match "
                                       "the stream ID currently associated with framework ID {}",
                                       call.stream_id,
                                       call.framework_id));
    }
    ServedAnswer answer = carry_out(call, *found->second);
    waiters_.wake_all();
    return answer;
}

ServedAnswer MesosScheduler::subscribe(const MesosScene& scene, const Call& call) {
    if (!call.stream_id.empty()) {
        return text_answer(400, "Subscribe calls should not include the 'Mesos-Stream-Id' header");
    }
    static const rapidjson::Value none;
    const rapidjson::Value& info =
        call.own().HasMember("framework_info") ? call.own()["framework_info"] : none;
    FakeFramework framework = read_framework(info);
    auto subscription = std::make_shared<Subscription>();
    std::string fault = find_framework_fault(info, framework);
    const std::string old_id = id_of(info, "id");
    platform_.change([&](PlatformState& state) {
        subscription->stream_id = next_uuid(state);
        const auto known = std::ranges::find(state.frameworks, old_id, &FakeFramework::id);
        if (!old_id.empty() && known != state.frameworks.end() && known->is_completed) {
            fault = "Framework has been removed";
        }
        if (!fault.empty()) {
            return 0;
        }
        framework.id = fmt::format("{}-{:04}", state.mesos.master_id, state.frameworks.size());
        framework.registered_ms = state.now_ms;
        subscription->framework = state.frameworks.size();
        state.frameworks.push_back(framework);
        return 0;
    });
    if (!fault.empty()) {
        subscription->events = {format_error(fault)};
        subscription->is_over = true;
    } else {
        subscriptions_[framework.id] = subscription;
        const double heartbeat = static_cast<double>(options_.heartbeat.count()) / 1'000;
        subscription->events.push_back(format_event("SUBSCRIBED", [&](Json& json) {
            json.begin_object("framework_id").text("value", framework.id).end_object();
            json.number("heartbeat_interval_seconds", heartbeat);
            if (scene.version().since(1, 2)) {
                json.key("master_info");
                write_master_info(json, scene);
            }
        }));
        subscription->events.emplace_back(R"({"type":"HEARTBEAT"})");
        allocate(*subscription);
    }
    ServedAnswer answer{.headers = {{"Content-Type", "application/json"}},
                        .stream = [this, subscription](ServedStream& stream) {
                            stream_events(subscription, stream);
                        }};
    if (scene.version().since(0, 28)) {
        answer.headers.push_back({"Mesos-Stream-Id", subscription->stream_id});
    }
    return answer;
}

void MesosScheduler::stream_events(const SubscriptionPtr& subscription, ServedStream& stream) {
    WakeUpList::Entry waiter(waiters_);
    std::size_t next = 0;
    auto last_heartbeat = std::chrono::steady_clock::now();
    while (stream.is_open()) {
        waiter.wake_up().clear();
        std::vector<std::string> news;
        bool is_over = false;
        {
            const std::lock_guard lock(mutex_);
            news.assign(subscription->events.begin() + static_cast<std::ptrdiff_t>(next),
                        subscription->events.end());
            next = subscription->events.size();
            is_over = subscription->is_over;
        }
        for (const std::string& event : news) {
            write_record(stream, event, options_.chunk_bytes);
        }
        if (is_over) {
            return;
        }
        const auto waited = stream.wait_for(waiter.wake_up().fd(), options_.allocation_interval);
        if (waited == PeerEvent::gone) {
            break;
        }
        const std::lock_guard lock(mutex_);
        if (waited == PeerEvent::time && !subscription->is_over) {
            allocate(*subscription);
            if (std::chrono::steady_clock::now() - last_heartbeat >= options_.heartbeat) {
                subscription->events.emplace_back(R"({"type":"HEARTBEAT"})");
                last_heartbeat = std::chrono::steady_clock::now();
            }
        }
    }
    if (stream.has_client()) {  // a broken connection is the end of a framework without failover
        const std::lock_guard lock(mutex_);
        end(*subscription);
    }
}

void MesosScheduler::allocate(Subscription& subscription) {
    const std::string offers = platform_.change([&](PlatformState& state) {
        const auto made = make_offers(
            state, subscription.framework, [&](std::size_t agent, const std::string& role) {
                const auto filter = subscription.filters.find({agent, role});
                return !subscription.suppressed.contains(role) &&
                       (filter == subscription.filters.end() || filter->second <= state.now_ms);
            });
        if (made.empty()) {
            return std::string();
        }
        return format_event("OFFERS", [&](Json& json) {
            json.begin_array("offers");
            for (const FakeOffer& offer : made) {
                write_v1_offer(json, state, offer);
            }
            json.end_array();
        });
    });
    if (!offers.empty()) {
        subscription.events.push_back(offers);
    }
}

void MesosScheduler::end(Subscription& subscription) {
    if (subscription.is_over) {
        return;
    }
    subscription.is_over = true;
    ended_.notify_all();
    platform_.change([&](PlatformState& state) {
        FakeFramework& framework = state.frameworks[subscription.framework];
        framework.is_active = framework.is_connected = false;
        framework.is_completed = true;
        std::erase_if(state.offers, [&](const FakeOffer& offer) {
            return offer.framework == subscription.framework;
        });
        return 0;
    });
}

ServedAnswer MesosScheduler::carry_out(const Call& call, Subscription& subscription) {
    if (call.type == "TEARDOWN") {
        end(subscription);
    } else if (call.type == "DECLINE") {
        decline(call, subscription);
    } else if (call.type == "SUPPRESS" || call.type == "REVIVE") {
        change_suppression(call, subscription, call.type == "SUPPRESS");
    } else if (call.type == "RECONCILE") {
        reconcile(call, subscription);
    }
    return {.status = 202};
}

void MesosScheduler::decline(const Call& call, Subscription& subscription) {
    double seconds = default_refusal_seconds;
    if (call.own().HasMember("filters") && call.own()["filters"].IsObject() &&
        call.own()["filters"].HasMember("refuse_seconds") &&
        call.own()["filters"]["refuse_seconds"].IsNumber()) {
        const double asked = call.own()["filters"]["refuse_seconds"].GetDouble();
        seconds = asked >= 0 ? std::min(asked, longest_refusal_seconds) : default_refusal_seconds;
    }
    const std::vector<std::string> listed = list_of(call.own(), "offer_ids");
    const std::set<std::string> ids(listed.begin(), listed.end());
    platform_.change([&](PlatformState& state) {
        std::erase_if(state.offers, [&](const FakeOffer& offer) {
            if (offer.framework != subscription.framework || !ids.contains(offer.id)) {
                return false;
            }
            subscription.filters[{offer.agent, offer.role}] =
                state.now_ms + std::llround(seconds * 1'000);
            return true;
        });
        return 0;
    });
}

void MesosScheduler::change_suppression(const Call& call,
                                        Subscription& subscription,
                                        bool is_suppressed) {
    std::vector<std::string> roles = list_of(call.own(), "roles");
    if (roles.empty()) {
        roles = platform_.state()->frameworks[subscription.framework].roles;
    }
    for (const std::string& role : roles) {
        if (is_suppressed) {
            subscription.suppressed.insert(role);
            continue;
        }
        subscription.suppressed.erase(role);
        std::erase_if(subscription.filters,
                      [&](const auto& filter) { return filter.first.second == role; });
    }
    if (!is_suppressed) {
        allocate(subscription);
    }
}

/// Tasks of the framework by id, or all of them where none is named; what is not known is lost.
void MesosScheduler::reconcile(const Call& call, Subscription& subscription) {
    const auto state = platform_.state();
    const auto update = [&](const std::string& id, const std::string& task_state) {
        subscription.events.push_back(format_event("UPDATE", [&](Json& json) {
            json.begin_object("status");
            json.begin_object("task_id").text("value", id).end_object();
            json.text("state", task_state)
                .text("source", "SOURCE_MASTER")
                .text("reason", "REASON_RECONCILIATION")
                .number("timestamp", to_seconds(state->now_ms))
                .end_object();
        }));
    };
    const auto is_own = [&](const FakeTask& task) {
        return task.framework == subscription.framework;
    };
    bool names_any = false;
    if (call.own().HasMember("tasks") && call.own()["tasks"].IsArray()) {
        for (const auto& entry : call.own()["tasks"].GetArray()) {
            const std::string id = id_of(entry, "task_id");
            const auto found = state->tasks.find(id);
            update(id,
                   found != state->tasks.end() && is_own(found->second) ? found->second.state
                                                                        : "TASK_LOST");
            names_any = true;
        }
    }
    if (!names_any) {
        for (const auto& [id, task] : state->tasks) {
            if (is_own(task)) {
                update(id, task.state);
            }
        }
    }
}

ServedAnswer MesosScheduler::tear_down(const HttpRequest& request) {
    std::string id;
    for (const auto& [name, value] : parse_form(request.body)) {
        if (name == "frameworkId") {
            id = value;
        }
    }
    if (id.empty()) {
        return text_answer(400, "Missing 'frameworkId' query parameter in the request body");
    }
    const std::lock_guard lock(mutex_);
    const auto found = subscriptions_.find(id);
    if (found == subscriptions_.end() || found->second->is_over) {
        return text_answer(400, "No framework found with specified ID");
    }
    end(*found->second);
    waiters_.wake_all();
    return {};
}

void MesosScheduler::rescind_offers() {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, subscription] : subscriptions_) {
        platform_.change([&, &current = subscription](PlatformState& state) {
            std::erase_if(state.offers, [&](const FakeOffer& offer) {
                if (offer.framework != current->framework) {
                    return false;
                }
                current->events.push_back(format_event("RESCIND", [&](Json& json) {
                    json.begin_object("offer_id").text("value", offer.id).end_object();
                }));
                current->filters[{offer.agent, offer.role}] = state.now_ms + 5'000;
                return true;
            });
            return 0;
        });
    }
    waiters_.wake_all();
}

void MesosScheduler::fail_streams(const std::string& message) {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, subscription] : subscriptions_) {
        if (!subscription->is_over) {
            subscription->events.push_back(format_error(message));
            end(*subscription);
        }
    }
    waiters_.wake_all();
}

void MesosScheduler::drop_streams() {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, subscription] : subscriptions_) {
        end(*subscription);
    }
    waiters_.wake_all();
}

std::size_t MesosScheduler::count_streams() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        subscriptions_, [](const auto& entry) { return !entry.second->is_over; }));
}

std::size_t MesosScheduler::streams() const {
    const std::lock_guard lock(mutex_);
    return count_streams();
}

void MesosScheduler::wait_for_streams(std::size_t count) {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [&] { return count_streams() <= count; });
}

std::string MesosScheduler::stream_id(const std::string& framework_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = subscriptions_.find(framework_id);
    return found == subscriptions_.end() || found->second->is_over ? std::string()
                                                                   : found->second->stream_id;
}

}  // namespace caretaker::sandbox
