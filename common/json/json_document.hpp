// SPDX-License-Identifier: Apache-2.0
// A whole JSON document in memory.
#pragma once

#include "common/json/json_view.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace caretaker {

/// Costs 16 bytes a value beside the texts; large lists are read by read_json_elements() instead.
class JsonDocument {
 public:
    /// Reads exactly one document; a UTF-8 byte order mark before it is left out. `what` begins
    /// every message about it. Throws JsonError: syntax (also for broken UTF-8 and for numbers that
    /// no double holds) or depth. Needs a bounded stack whatever the text is.
    /// Messages end with `advice`, on what to try; without it they take the text for a service's.
    static JsonDocument parse(std::string_view text, std::string what, std::string advice = {});

    /// Valid as long as the document, also after it was moved.
    [[nodiscard]] JsonView root() const;

    ~JsonDocument();
    JsonDocument(JsonDocument&& other) noexcept;
    JsonDocument& operator=(JsonDocument&& other) noexcept;
    JsonDocument(const JsonDocument&) = delete;
    JsonDocument& operator=(const JsonDocument&) = delete;

 private:
    struct Content;  // keeps RapidJSON's large header out of this one
    explicit JsonDocument(std::unique_ptr<Content> content);

    std::unique_ptr<Content> content_;
};

}  // namespace caretaker
