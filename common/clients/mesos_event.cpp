// SPDX-License-Identifier: Apache-2.0
#include "common/clients/mesos_event.hpp"

#include "common/json/json_elements.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_members.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace caretaker {

namespace {

MesosEventType parse_event_type(std::string_view word) {
    static constexpr std::array words{
        std::pair<std::string_view, MesosEventType>{"SUBSCRIBED", MesosEventType::subscribed},
        std::pair<std::string_view, MesosEventType>{"HEARTBEAT", MesosEventType::heartbeat},
        std::pair<std::string_view, MesosEventType>{"OFFERS", MesosEventType::offers},
        std::pair<std::string_view, MesosEventType>{"RESCIND", MesosEventType::rescind},
        std::pair<std::string_view, MesosEventType>{"ERROR", MesosEventType::error}};
    for (const auto& [name, type] : words) {
        if (name == word) {
            return type;
        }
    }
    return MesosEventType::other;
}

std::string id_in(JsonView object, std::string_view member) {
    const auto id = object.find(member);
    return id ? std::string(id->at("value").text()) : std::string();
}

MesosOffer read_offer(JsonView value) {
    MesosOffer offer{.id = std::string(value.at("id").at("value").text()),
                     .agent_id = std::string(value.at("agent_id").at("value").text()),
                     .hostname = json_text_or_empty(value, "hostname")};
    if (const auto allocation = value.find("allocation_info")) {
        offer.role = json_text_or_empty(*allocation, "role");
    }
    offer.resources = read_mesos_resources(value, "resources");
    return offer;
}

/// One that cannot be read must not hide the others, and is declined like them.
void add_offer(JsonView value, MesosEvent& event) {
    try {
        event.offers.push_back(read_offer(value));
    } catch (const JsonError&) {  // whoever asked for offers tells how many were not read
        const auto id = value.is_object() ? value.find("id") : std::nullopt;
        const auto text = id && id->is_object() ? id->find("value") : std::nullopt;
        event.unread.emplace_back(text && text->is_text() ? text->text() : std::string_view());
    }
}

}  // namespace

MesosEvent read_mesos_event(std::string_view record) {
    MesosEvent event;
    bool has_type = false;
    const std::string what = "mesos: reading an event";
    // The published documentation shows an error's text at the top; masters send it inside.
    static constexpr std::array<std::string_view, 6> patterns{
        "/type", "/subscribed", "/offers/offers/*", "/rescind", "/error/message", "/message"};
    read_json_elements(
        [&](std::span<char> buffer) {
            const std::size_t count = std::min(buffer.size(), record.size());
            std::copy_n(record.begin(), count, buffer.begin());
            record.remove_prefix(count);
            return count;
        },
        what,
        patterns,
        [&](const JsonElement& element) {
            switch (element.pattern) {
                case 0:
                    event.type = parse_event_type(element.value.text());
                    has_type = true;
                    break;
                case 1:
                    event.framework_id = id_in(element.value, "framework_id");
                    break;
                case 2:
                    add_offer(element.value, event);
                    break;
                case 3:
                    event.rescinded_offer_id = id_in(element.value, "offer_id");
                    break;
                default:
                    if (element.value.is_text()) {
                        event.message = element.value.text();
                    }
                    break;
            }
        });
    if (!has_type) {
        throw JsonError(JsonFault::shape, what + ": it has no type; is it a Mesos master?");
    }
    return event;
}

}  // namespace caretaker
