// SPDX-License-Identifier: Apache-2.0
// What is generated from the key table agrees with it, and the committed document with both.
#include "jobs/config/config_document.hpp"

#include "common/config/key_table.hpp"
#include "common/config/yaml_file.hpp"
#include "jobs/config/config_schema.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace caretaker {
namespace {

const std::string document_path = std::string(CARETAKER_SOURCE_DIR) + "/docs/configuration.md";

using testing::json_at;
using testing::json_text;

/// The schema of `path` in the schema of all; the part of a target's name is "*".
const rapidjson::Value& schema_of(const rapidjson::Value& schema, std::string_view path) {
    if (path.empty()) {
        return schema;
    }
    const std::string name(path.substr(0, path.find('.')));
    path.remove_prefix(std::min(name.size() + 1, path.size()));
    return schema_of(name == "*" ? json_at(schema, "additionalProperties")
                                 : json_at(json_at(schema, "properties"), name.c_str()),
                     path);
}

TEST(ConfigDocument, IsTheOneInDocs) {
    const std::string made = format_config_document();
    if (std::getenv("CARETAKER_UPDATE_GOLDEN") != nullptr) {
        std::ofstream(document_path) << made;
    }
    std::ifstream file(document_path);
    const std::string committed(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(committed, made) << "run with CARETAKER_UPDATE_GOLDEN=1 and read the difference";
}

TEST(ConfigDocument, NamesEveryKey) {
    const std::string document = format_config_document();
    for (const KeySpec& spec : key_table()) {
        const std::string name(spec.path.starts_with("targets.")
                                   ? spec.path.substr(spec.path.rfind('.') + 1)
                                   : spec.path);
        EXPECT_NE(document.find(fmt::format("| `{}` |", name)), std::string::npos) << name;
        EXPECT_NE(document.find(spec.help), std::string::npos) << name;
    }
}

TEST(ConfigSchema, DescribesEveryKeyWithItsDefault) {
    const auto schema = testing::parse_json(format_config_schema());
    for (const KeySpec& spec : key_table()) {
        const auto& key = schema_of(schema, spec.path);
        EXPECT_EQ(json_text(key, "description"), spec.help) << spec.path;
        EXPECT_EQ(key.HasMember("default"), !spec.fallback.empty()) << spec.path;
        EXPECT_TRUE(key.HasMember("type") != key.HasMember("enum")) << spec.path;
    }
}

TEST(ConfigSchema, TakesUnknownNamesNowhereButForTargets) {
    const auto schema = testing::parse_json(format_config_schema());
    for (const char* section : {"", "store", "statsd", "targets.*", "targets.*.kafka"}) {
        const auto& object = schema_of(schema, section);
        EXPECT_FALSE(json_at(object, "additionalProperties").GetBool()) << section;
    }
    EXPECT_TRUE(json_at(schema_of(schema, "targets"), "additionalProperties").IsObject());
}

TEST(ConfigSchema, HasPatternsThatAgreeWithTheProgram) {
    const auto schema = testing::parse_json(format_config_schema());
    const auto check = [&](const std::string& path, const std::string& text) {
        const std::size_t dot = path.find('.');
        const bool is_read =
            parse_yaml_settings(
                fmt::format("{}: {{{}: {}}}", path.substr(0, dot), path.substr(dot + 1), text), "f")
                .problems.empty();
        const std::regex pattern(json_text(schema_of(schema, path), "pattern"));
        EXPECT_EQ(std::regex_match(text, pattern), is_read) << path << ": " << text;
    };
    for (const char* text : {"2s", "1s500ms", "500ms", "2", "s", "1s1m", "2 s", "-2s", "2S"}) {
        check("statsd.resolve_timeout", text);
    }
    for (const char* text : {"5MB", "5MiB", "2000kB", "2000KB", "5000000B", "5", "5mb", "5 MB"}) {
        check("store.max_bytes", text);
    }
}

}  // namespace
}  // namespace caretaker
