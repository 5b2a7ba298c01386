// SPDX-License-Identifier: Apache-2.0
#include "golden_text.hpp"

#include <regex>
#include <utility>

namespace caretaker::testing {

namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); !from.empty() && at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

}  // namespace

std::string normalise_output(std::string text,
                             const std::string& directory,
                             const std::string& host_name) {
    static const std::pair<std::regex, const char*> rules[] = {
        {std::regex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uid>"},
        {std::regex("\\brun [0-9a-f]{8}\\b"), "run <run>"},
        {std::regex("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"), "<time>"},
        {std::regex("  [0-9][^ ]* (ms|s|min)( [0-9]+ s)?  run "), "  <took>  run "},
        {std::regex("\"duration_ms\":\\d+"), "\"duration_ms\":<ms>"},
        {std::regex("(\"(run\\.duration|run\\.last_success|store\\.bytes)\",\"kind\":\"\\w+\","
                    "\"value\":)\\d+"),
         "$1<number>"},
        {std::regex("duration_ms=\\d+"), "duration_ms=<ms>"},
        {std::regex(" \\(after \\d+ms in state \\w+(, \\d+ identical error\\(s\\) suppressed)?\\)"),
         ""},
        {std::regex("127\\.0\\.0\\.1:\\d+"), "<address>"},
        {std::regex("config=[0-9a-f]{16}"), "config=<hash>"},
    };
    replace_all(text, directory, "<dir>");
    for (const auto& [pattern, word] : rules) {
        text = std::regex_replace(text, pattern, word);
    }
    replace_all(text, "\"host\":\"" + host_name + "\"", "\"host\":\"<host>\"");
    return text;
}

}  // namespace caretaker::testing
