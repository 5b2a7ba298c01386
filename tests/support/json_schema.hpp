// SPDX-License-Identifier: Apache-2.0
// The published schemas of docs/schema, and whether a document fits them.
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/schema.h>

#include <memory>
#include <string>
#include <string_view>

namespace caretaker::testing {

/// One schema file with the definitions that it takes from others.
class JsonSchema {
 public:
    /// `file` is a name in docs/schema. Throws std::runtime_error when it cannot be read.
    explicit JsonSchema(const std::string& file);

    /// Empty when `text` is a document of this schema and has no field beyond those that the schema
    /// names, although readers may take such; else where it fails and by which rule.
    [[nodiscard]] std::string problem_of(std::string_view text) const;

    [[nodiscard]] const rapidjson::Document& source() const { return source_; }

 private:
    rapidjson::Document source_{};
    std::unique_ptr<rapidjson::SchemaDocument> schema_{};
};

/// What is wrong with the output of -o json or -o jsonl; empty when nothing is. One line without
/// "run_end" is a document, everything else are events, the last of them run_end.
std::string problem_of_output(std::string_view text);

}  // namespace caretaker::testing
