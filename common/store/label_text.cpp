// SPDX-License-Identifier: Apache-2.0
#include "common/store/label_text.hpp"

namespace caretaker {

namespace {

void append_escaped(std::string& text, std::string_view part) {
    for (const char c : part) {
        if (c == '\\' || c == ',' || c == '=') {
            text += '\\';
        }
        text += c;
    }
}

}  // namespace

std::string format_labels(std::span<const Label> labels) {
    std::string text;
    for (const Label& label : labels) {
        if (&label != labels.data()) {
            text += ',';
        }
        append_escaped(text, label.key);
        text += '=';
        append_escaped(text, label.value);
    }
    return text;
}

std::vector<Label> parse_labels(std::string_view text) {
    std::vector<Label> labels;
    if (text.empty()) {
        return labels;
    }
    labels.emplace_back();
    bool in_value = false;
    bool escaped = false;
    for (const char c : text) {
        if (!escaped && c == '\\') {
            escaped = true;
            continue;
        }
        if (!escaped && c == ',') {
            labels.emplace_back();
            in_value = false;
        } else if (!escaped && c == '=' && !in_value) {
            in_value = true;
        } else {
            (in_value ? labels.back().value : labels.back().key) += c;
        }
        escaped = false;
    }
    return labels;
}

}  // namespace caretaker
