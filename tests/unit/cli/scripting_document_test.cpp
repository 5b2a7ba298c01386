// SPDX-License-Identifier: Apache-2.0
// docs/scripting.md says what the code's own tables and the published schemas say.
#include "common/base/exit_code.hpp"
#include "common/config/variable_table.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string>;

std::string read_docs(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(fs::path(CARETAKER_SOURCE_DIR) / "docs" / file).rdbuf();
    return text.str();
}

/// What stands in `code` quotes.
Names quoted_names(const std::string& text) {
    static const std::regex quoted("`([A-Za-z_]+)`");
    Names names;
    for (auto found = std::sregex_iterator(text.begin(), text.end(), quoted);
         found != std::sregex_iterator();
         ++found) {
        names.insert((*found)[1].str());
    }
    return names;
}

/// The second column of the table row that begins so.
std::string cell_behind(const std::string& document, const std::string& first) {
    const std::string begin = "| " + first + " | ";
    const std::size_t at = document.find(begin);
    if (at == std::string::npos) {
        return {};
    }
    const std::size_t from = at + begin.size();
    return document.substr(from, document.find('\n', from) - from);
}

Names properties_of(const rapidjson::Document& schema, const char* definition) {
    Names names;
    for (const auto& member :
         json_at(json_at(json_at(schema, "definitions"), definition), "properties").GetObject()) {
        names.insert(member.name.GetString());
    }
    return names;
}

TEST(ScriptingDocument, HasARowForEachExitCode) {
    const std::string document = read_docs("scripting.md");
    for (const ExitCodeInfo& row : exit_codes()) {
        const int code = static_cast<int>(row.code);
        if (row.name == "signal") {
            EXPECT_NE(cell_behind(document, "129, 130, 143").find("signal"), std::string::npos);
            continue;
        }
        const std::string cells = cell_behind(document, std::to_string(code));
        EXPECT_TRUE(cells.starts_with(std::string(row.name) + " | ")) << code << ": " << cells;
        EXPECT_NE(cells.find(fmt::format("| {} | {} |", row.chronos, row.jenkins)),
                  std::string::npos)
            << cells;
        EXPECT_NE(
            cells.find(fmt::format("| {} {}", static_cast<int>(row.nagios), to_string(row.nagios))),
            std::string::npos)
            << cells;
    }
}

TEST(ScriptingDocument, NamesEveryVariable) {
    const Names named = quoted_names(read_docs("scripting.md"));
    for (const auto variables : {own_variables(), common_variables()}) {
        for (const VariableInfo& variable : variables) {
            std::istringstream names{std::string(variable.help.empty() ? "" : variable.name)};
            for (std::string name; std::getline(names >> std::ws, name, ',');) {
                EXPECT_TRUE(named.contains(name)) << name;
            }
        }
    }
}

TEST(ScriptingDocument, NamesTheFieldsOfJsonAndNoOthers) {
    const std::string document = read_docs("scripting.md");
    const rapidjson::Document schema = parse_json(read_docs("schema/caretaker.run-1.json"));
    const std::map<std::string, const char*> definitions{
        {"the document", "run_document"},
        {"of a usage error instead", "error_document"},
        {"`run`", "run"},
        {"`summary`", "summary"},
        {"each of `metrics`", "metric"},
        {"each of `findings`", "finding"},
        {"each of `actions`", "action"},
        {"each of `errors`", "problem"},
        {"each of `details`", "detail"},
    };
    for (const auto& [part, definition] : definitions) {
        EXPECT_EQ(quoted_names(cell_behind(document, part)), properties_of(schema, definition))
            << part;
    }
}

TEST(ScriptingDocument, NamesTheEventsOfJsonLines) {
    const std::string document = read_docs("scripting.md");
    const std::string events = read_docs("schema/caretaker.run-1.event.json");
    const rapidjson::Document schema = parse_json(events);
    const std::size_t begin = document.find("Events of JSON Lines:");
    ASSERT_NE(begin, std::string::npos);
    Names types;
    for (const auto& member : json_at(schema, "definitions").GetObject()) {
        const std::string name = member.name.GetString();
        types.insert(name.substr(0, name.rfind("_event")));
    }
    EXPECT_EQ(quoted_names(document.substr(begin, document.find('.', begin) - begin)), types);
}

}  // namespace
}  // namespace caretaker::testing
