// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/saved_objects_memory.hpp"

#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"

namespace caretaker {

bool note_index_total(SavedObjectsMemory& memory, const std::string& app, std::int64_t total) {
    const auto [known, is_first] = memory.try_emplace(app, total);
    const bool has_grown = !is_first && total > known->second;
    known->second = total;
    return has_grown;
}

std::string encode_saved_objects(const SavedObjectsMemory& memory) {
    JsonWriter json;
    json.begin_object();
    for (const auto& [app, total] : memory) {
        json.member(app, total);
    }
    json.end_object();
    return std::string(json.text());
}

SavedObjectsMemory decode_saved_objects(std::string_view text) {
    const JsonDocument document =
        JsonDocument::parse(text, "the store's memory of what Kibanas keep");
    SavedObjectsMemory memory;
    for (const JsonMember& app : document.root().members()) {
        memory[std::string(app.name)] = app.value.integer();
    }
    return memory;
}

}  // namespace caretaker
