// SPDX-License-Identifier: Apache-2.0
// Every configuration key there is: its type, default, range and meaning. Files, environment,
// documents and `config show` all derive from this table.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

enum class ValueType {
    text,
    text_list,
    text_map,  // string to string, e.g. librdkafka properties
    integer,
    boolean,
    duration,  // 90s, 15m, 36h, 7d, 2w, 250ms
    size,      // 512MB, 2GiB
    choice,    // one of `choices`, separated by |
};

std::string_view to_string(ValueType type);

struct KeySpec {
    /// Dotted; a `*` segment stands for any name: "targets.*.kafka.bootstrap_servers".
    std::string_view path{};
    ValueType type = ValueType::text;
    std::string_view fallback{};  // as it would stand in the environment; empty: none
    std::string_view help{};      // one sentence
    std::string_view choices{};
    std::int64_t min = std::numeric_limits<std::int64_t>::min();  // integers, milliseconds, bytes
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    bool secret = false;                  // shown as ***
    ValueType element = ValueType::text;  // of the values of a text_map: text or duration
};

/// All keys, in the order the documents show them.
std::span<const KeySpec> key_table();

/// The row that `path` ("targets.prod.kafka.properties") belongs to, or null.
const KeySpec* find_key(std::string_view path);

/// The names that may stand directly below `section` ("" is the root; "targets.prod.kafka"), in the
/// order of the table; "*" stands for any name. Empty for keys and for what is no section.
std::vector<std::string_view> section_names(std::string_view section);

/// The environment variable of a key: "store.path" → "CARETAKER_STORE_PATH".
std::string environment_name(std::string_view path);

}  // namespace caretaker
