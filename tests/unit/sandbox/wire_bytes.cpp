// SPDX-License-Identifier: Apache-2.0
// Bytes of the Kafka protocol written by hand, and back to a form that a failed test can show.
#include "wire_bytes.hpp"

#include <fmt/format.h>

namespace caretaker::sandbox {

std::string wire_bytes(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ' ' || text[i] == '\n') {
            ++i;
        } else if (text[i] == '\'') {
            const auto end = text.find('\'', i + 1);
            bytes += text.substr(i + 1, end - i - 1);
            i = end + 1;
        } else {
            bytes.push_back(
                static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
            i += 2;
        }
    }
    return bytes;
}

std::string to_hex(std::string_view bytes) {
    std::string hex;
    for (const char byte : bytes) {
        hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
    return hex;
}

}  // namespace caretaker::sandbox
