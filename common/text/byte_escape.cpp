// SPDX-License-Identifier: Apache-2.0
#include "common/text/byte_escape.hpp"

#include "common/text/utf8.hpp"

#include <fmt/format.h>

#include <charconv>

namespace caretaker {

namespace {

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

void append_escaped(std::string& out, char c) {
    switch (c) {
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
}

}  // namespace

std::string escape_bytes(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t length = utf8_sequence_length(bytes);
        if (length == 0 || is_control(bytes.front()) || bytes.front() == '\\') {
            append_escaped(out, bytes.front());
            bytes.remove_prefix(1);
        } else {
            out += bytes.substr(0, length);
            bytes.remove_prefix(length);
        }
    }
    return out;
}

std::optional<std::string> unescape_bytes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        if (++i == text.size()) {
            return std::nullopt;
        }
        if (text[i] == 'x') {
            unsigned char byte = 0;
            const char* const digits = text.data() + i + 1;
            if (i + 2 >= text.size() ||
                std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) {
                return std::nullopt;
            }
            out += static_cast<char>(byte);
            i += 2;
        } else if (text[i] == '\\' || text[i] == 'n' || text[i] == 't') {
            out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : '\\';
        } else {
            return std::nullopt;
        }
    }
    return out;
}

}  // namespace caretaker
