// SPDX-License-Identifier: Apache-2.0
#include "common/base/log_json.hpp"

#include "common/text/timestamp.hpp"
#include "common/text/utf8.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace caretaker {

namespace {

std::string field_name(const std::string& name) {
    if (name == "error") {
        return "error.code";
    }
    return name == "host" ? "host.name" : "caretaker." + name;
}

}  // namespace

std::string format_log_json(WallTime time,
                            std::string_view level,
                            std::string_view message,
                            std::span<const std::pair<std::string, std::string>> fields) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    const auto member = [&writer](std::string_view key, std::string_view value) {
        const std::string text = to_valid_utf8(value);
        writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
        writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    };
    writer.StartObject();
    member("@timestamp", format_rfc3339(time));
    member("log.level", level);
    member("message", message);
    for (const auto& [name, value] : fields) {
        member(field_name(name), value);
    }
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace caretaker
