// SPDX-License-Identifier: Apache-2.0
#include "common/cli/bulk_documents.hpp"

#include "common/json/json_members.hpp"
#include "common/output/json_writer.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

std::string reason_of(JsonView item) {
    const auto error = item.find("error");
    if (!error || error->is_null()) {
        return {};
    }
    // A sentence before Elasticsearch 2.
    return error->is_object() ? json_text_or_empty(*error, "reason") : std::string(error->text());
}

}  // namespace

std::string format_bulk(const std::vector<BulkDocument>& documents, bool has_types) {
    std::string text;
    for (const BulkDocument& document : documents) {
        JsonWriter json;
        json.begin_object();
        json.key("index");
        json.begin_object();
        json.member("_index", document.index);
        if (has_types) {
            json.member("_type", "run");
        }
        json.member("_id", document.id);
        json.end_object();
        json.end_object();
        text += json.text();
        text += '\n';
        text += document.body;
        text += '\n';
    }
    return text;
}

std::vector<BulkItem> read_bulk_answer(JsonView answer, std::size_t count) {
    const JsonView list = answer.at("items");
    const auto elements = list.elements();
    if (elements.size() != count) {
        list.fail(fmt::format("tells of {} documents, but {} were sent", elements.size(), count));
    }
    std::vector<BulkItem> items;
    for (const JsonView& element : elements) {
        const auto members = element.members();
        if (members.size() != 1) {
            element.fail("is not one action");
        }
        const JsonView item = members.front().value;
        items.push_back(
            {.status = static_cast<int>(item.at("status").integer()), .reason = reason_of(item)});
    }
    return items;
}

}  // namespace caretaker
