// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/tar_text.hpp"

#include <fmt/format.h>

#include <numeric>
#include <stdexcept>

namespace caretaker::testing {

namespace {

constexpr std::size_t block = 512;
constexpr std::size_t longest_name = 99;
constexpr std::size_t checksum_at = 148;
constexpr std::size_t checksum_size = 8;

void pad(std::string& text) {
    text.resize((text.size() + block - 1) / block * block, '\0');
}

std::string header_of(const TarEntry& entry) {
    if (entry.name.size() > longest_name) {
        throw std::runtime_error(fmt::format("too long for a tar: {}", entry.name));
    }
    std::string header(entry.name);
    header.resize(longest_name + 1, '\0');
    header += fmt::format("{:07o}", entry.mode) + '\0';  // mode
    header += std::string(
        "0000000\0"
        "0000000\0",
        16);                                                        // user, group
    header += fmt::format("{:011o}", entry.content.size()) + '\0';  // size
    header += std::string("00000000000\0", 12);                     // time
    header += std::string(checksum_size, ' ');                      // counted as blanks
    header += '0';                                                  // a regular file
    header.resize(257, '\0');
    header += std::string(
        "ustar\0"
        "00",
        8);
    pad(header);
    const unsigned sum = std::accumulate(header.begin(), header.end(), 0U, [](unsigned a, char c) {
        return a + static_cast<unsigned char>(c);
    });
    header.replace(checksum_at, checksum_size, fmt::format("{:06o}", sum) + '\0' + ' ');
    return header;
}

}  // namespace

std::string make_tar(const std::vector<TarEntry>& entries) {
    std::string tar;
    for (const TarEntry& entry : entries) {
        tar += header_of(entry) + entry.content;
        pad(tar);
    }
    return tar + std::string(2 * block, '\0');
}

}  // namespace caretaker::testing
