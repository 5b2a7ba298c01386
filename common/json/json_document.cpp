// SPDX-License-Identifier: Apache-2.0
#include "common/json/json_document.hpp"

#include "common/json/json_reading.hpp"

#include <rapidjson/document.h>
#include <rapidjson/memorystream.h>

#include <algorithm>
#include <utility>

namespace caretaker {

struct JsonDocument::Content {
    rapidjson::Document document{};
    JsonOrigin origin{};
};

namespace {

/// Returns RapidJSON's verdict; the depth is the guard's to know.
struct Reading {
    rapidjson::ParseResult result{};
    bool is_too_deep = false;
    std::size_t end = 0;
};

Reading read_into(rapidjson::Document& document, std::string_view text) {
    Reading reading;
    auto generate = [&](rapidjson::Document& handler) {
        JsonDepthGuard guard(handler);
        rapidjson::Reader reader;
        rapidjson::MemoryStream stream(text.data(), text.size());
        reading.result = reader.Parse<json_parse_flags>(stream, guard);
        reading.is_too_deep = guard.is_too_deep();
        reading.end = stream.Tell();
        return !reading.result.IsError();
    };
    document.Populate(generate);
    return reading;
}

}  // namespace

JsonDocument JsonDocument::parse(std::string_view text, std::string what, std::string advice) {
    if (text.starts_with(json_byte_order_mark)) {
        text.remove_prefix(json_byte_order_mark.size());
    }
    auto content = std::make_unique<Content>();
    const Reading reading = read_into(content->document, text);
    const std::size_t offset = std::min(reading.result.Offset(), text.size());
    if (reading.is_too_deep) {
        throw describe_json_depth(offset, what, advice);
    }
    if (reading.result.IsError()) {
        throw describe_json_error(reading.result.Code(), offset, text.substr(offset), what, advice);
    }
    if (reading.end < text.size()) {  // RapidJSON takes a NUL behind the document for its end
        throw describe_json_error(rapidjson::kParseErrorDocumentRootNotSingular,
                                  reading.end,
                                  text.substr(reading.end),
                                  what,
                                  advice);
    }
    content->origin = {.what = std::move(what),
                       .path = "$",
                       .root = &content->document,
                       .advice = std::move(advice)};
    return JsonDocument(std::move(content));
}

JsonView JsonDocument::root() const {
    return {content_->document, content_->origin};
}

JsonDocument::JsonDocument(std::unique_ptr<Content> content) : content_(std::move(content)) {}

JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&& other) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&& other) noexcept = default;

}  // namespace caretaker
