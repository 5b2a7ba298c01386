// SPDX-License-Identifier: Apache-2.0
#include "common/clients/lease_document.hpp"

#include "common/json/json_members.hpp"
#include "common/text/timestamp.hpp"
#include "common/text/utf8.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <optional>
#include <string_view>

namespace caretaker {

namespace {

std::optional<WallTime> read_time(JsonView source, std::string_view name) {
    const auto member = source.find(name);
    return member ? parse_rfc3339(member->text()) : std::nullopt;
}

}  // namespace

std::string format_lease(const Lease& lease) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    const auto key = [&writer](std::string_view name) {
        writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    };
    const auto member = [&](std::string_view name, std::string_view value) {
        const std::string text = to_valid_utf8(value);
        key(name);
        writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    };
    writer.StartObject();
    member("lock", lease.lock);
    member("target", lease.target);
    member("owner", lease.owner);
    member("host", lease.host);
    if (lease.task_id.empty()) {
        key("task_id");
        writer.Null();
    } else {
        member("task_id", lease.task_id);
    }
    key("pid");
    writer.Int(lease.pid);
    member("started_at", format_rfc3339(lease.started_at));
    member("expires_at", format_rfc3339(lease.expires_at));
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

Lease read_lease(JsonView source) {
    const auto expires_at = read_time(source, "expires_at");
    if (!expires_at) {
        source.at("expires_at").fail("is no time");
    }
    const auto pid = source.find("pid");
    return {.lock = json_text_or_empty(source, "lock"),
            .target = json_text_or_empty(source, "target"),
            .owner = std::string(source.at("owner").text()),
            .host = std::string(source.at("host").text()),
            .task_id = json_text_or_empty(source, "task_id"),
            .pid = pid ? static_cast<int>(pid->integer()) : 0,
            .started_at = read_time(source, "started_at").value_or(*expires_at),
            .expires_at = *expires_at};
}

}  // namespace caretaker
