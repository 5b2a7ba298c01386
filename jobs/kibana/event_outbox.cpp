// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/event_outbox.hpp"

#include "common/http/hmac_sha256.hpp"
#include "common/http/http.hpp"
#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "common/store/job_memory.hpp"
#include "jobs/kibana/json_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>
#include <variant>

namespace caretaker {

namespace {

constexpr std::string_view event_memory = "event";
constexpr std::int64_t quick_tries = 5;
constexpr std::chrono::hours between_late_tries{24};
constexpr std::chrono::milliseconds time_of_a_try{10'000};

}  // namespace

std::string encode_waiting_event(const WaitingEvent& event) {
    JsonWriter json;
    json.begin_object();
    json.member("id", event.id);
    json.member("app", event.app);
    json.member("kind", event.kind);
    if (event.idle_since) {
        json.member("idle_since", event.idle_since->time_since_epoch().count());
    }
    json.member("tries", event.tries);
    json.member("next_try", event.next_try.time_since_epoch().count());
    json.key("taken_by");
    json.begin_array();
    for (const std::string& address : event.taken_by) {
        json.value(address);
    }
    json.end_array();
    json.member("body", event.body);
    json.end_object();
    return std::string(json.text());
}

WaitingEvent decode_waiting_event(std::string_view text) {
    const JsonDocument document = JsonDocument::parse(text, "the store's memory of an event");
    const JsonView root = document.root();
    WaitingEvent event{.id = std::string(root.at("id").text()),
                       .app = std::string(root.at("app").text()),
                       .kind = std::string(root.at("kind").text()),
                       .tries = root.at("tries").integer(),
                       .next_try = read_json_time(root.at("next_try")),
                       .body = std::string(root.at("body").text())};
    if (const auto since = root.find("idle_since")) {
        event.idle_since = read_json_time(*since);
    }
    for (const JsonView& address : root.at("taken_by").elements()) {
        event.taken_by.emplace_back(address.text());
    }
    return event;
}

WallTime next_try_after(std::int64_t tries, WallTime now) {
    return tries < quick_tries ? now : now + between_late_tries;
}

std::vector<WaitingEvent> due_events(std::vector<WaitingEvent> waiting, WallTime now) {
    std::set<std::string> blocked;
    std::erase_if(waiting, [&](const WaitingEvent& event) {
        if (event.next_try > now) {
            blocked.insert(event.app);
        }
        return blocked.contains(event.app);
    });
    return waiting;
}

EventOutbox::EventOutbox(JobMemory& memory,
                         HttpClient& http,
                         std::vector<std::string> webhooks,
                         std::string secret)
    : memory_(memory), http_(http), webhooks_(std::move(webhooks)), secret_(std::move(secret)) {}

std::string EventOutbox::send(const std::string& url, const std::string& body) {
    std::vector<HttpHeader> headers{{"Content-Type", "application/json"}};
    if (!secret_.empty()) {
        headers.push_back({"X-Caretaker-Signature", "sha256=" + hmac_sha256(secret_, body)});
    }
    const HttpOutcome outcome =
        try_send(http_,
                 {.method = HttpMethod::post,
                  .url = url,
                  .headers = std::move(headers),
                  .body = body,
                  .effect = HttpEffect::repeatable_change,  // its id tells who gets it twice
                  .timeout = time_of_a_try});
    if (const auto* error = std::get_if<HttpError>(&outcome)) {
        return error->what();
    }
    const auto& response = std::get<HttpResponse>(outcome);
    return response.ok() ? std::string() : fmt::format("the webhook answers {}", response.status);
}

std::vector<WaitingEvent> EventOutbox::waiting() {
    std::vector<WaitingEvent> events;
    for (const std::string& id : memory_.names(event_memory, WallTime{})) {
        if (const auto entry = memory_.find({.kind = event_memory, .name = id})) {
            events.push_back(decode_waiting_event(entry->body));
        }
    }
    return events;
}

void EventOutbox::drop(const std::vector<WaitingEvent>& events) {
    memory_.write([&] {
        for (const WaitingEvent& event : events) {
            memory_.forget({.kind = event_memory, .name = event.id});
        }
    });
}

bool EventOutbox::post(const KibanaEvent& event, std::string& trouble) {
    if (webhooks_.empty()) {
        return true;
    }
    const auto earlier = waiting();
    const bool is_blocked =
        std::ranges::find(earlier, event.app, &WaitingEvent::app) != earlier.end();
    WaitingEvent kept{.id = event.id,
                      .app = event.app,
                      .kind = event.kind,
                      .idle_since = event.idle_since,
                      .next_try = event.at,
                      .body = format_kibana_event(event)};
    memory_.write([&] {
        memory_.save({.kind = event_memory, .name = kept.id}, encode_waiting_event(kept), event.at);
    });
    if (is_blocked) {
        trouble = "an earlier event of the app is not yet delivered";
        return false;
    }
    return deliver(std::move(kept), event.at, trouble);
}

bool EventOutbox::deliver(WaitingEvent event, WallTime now, std::string& trouble) {
    for (const std::string& url : webhooks_) {
        if (std::ranges::find(event.taken_by, url) != event.taken_by.end()) {
            continue;
        }
        const std::string problem = send(url, event.body);
        if (problem.empty()) {
            event.taken_by.push_back(url);
        } else {
            trouble = problem;
        }
    }
    const bool is_delivered = event.taken_by.size() >= webhooks_.size();
    event.next_try = next_try_after(++event.tries, now);
    memory_.write([&] {
        const MemoryKey key{.kind = event_memory, .name = event.id};
        is_delivered ? memory_.forget(key) : memory_.save(key, encode_waiting_event(event), now);
    });
    return is_delivered;
}

}  // namespace caretaker
