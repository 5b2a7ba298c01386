// SPDX-License-Identifier: Apache-2.0
#include "common/base/lock_holder.hpp"

#include "common/text/timestamp.hpp"
#include "common/text/utf8.hpp"

#include <fmt/format.h>

#include <string_view>

namespace caretaker {

namespace {

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : to_valid_utf8(text)) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

}  // namespace

std::string format_lock_holder(const LockHolder& holder) {
    return fmt::format(R"({{"run":{},"host":{},"task_id":{},"pid":{},"started_at":"{}"}})",
                       json_string(holder.run_uid),
                       json_string(holder.host),
                       holder.task_id.empty() ? "null" : json_string(holder.task_id),
                       holder.pid,
                       format_rfc3339(holder.started_at));
}

}  // namespace caretaker
