// SPDX-License-Identifier: Apache-2.0
// Values of action files as JSON.
#include "common/output/json_writer.hpp"
#include "jobs/rotate/curator_value.hpp"

namespace caretaker {

namespace {

void write_json(const CuratorValue& value, JsonWriter& json) {
    switch (value.type) {
        case CuratorType::null:
            json.null();
            break;
        case CuratorType::boolean:
            json.value(value.flag);
            break;
        case CuratorType::integer:
            json.value(value.integer);
            break;
        case CuratorType::real:
            json.value(value.real);
            break;
        case CuratorType::text:
        case CuratorType::date:
            json.value(value.text);
            break;
        case CuratorType::list:
            json.begin_array();
            for (const CuratorValue& child : value.children) {
                write_json(child, json);
            }
            json.end_array();
            break;
        case CuratorType::map:
            json.begin_object();
            for (std::size_t i = 0; i < value.keys.size(); ++i) {
                json.key(value.keys[i].text);
                write_json(value.children[i], json);
            }
            json.end_object();
            break;
    }
}

}  // namespace

std::string to_json(const CuratorValue& value) {
    JsonWriter json;
    write_json(value, json);
    return std::string(json.text());
}

}  // namespace caretaker
