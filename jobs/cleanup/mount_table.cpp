// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/mount_table.hpp"

#include "jobs/cleanup/path_text.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

namespace caretaker {

namespace {

/// Cuts the text up to the next `end` off `rest`.
std::string_view take_until(std::string_view& rest, char end) {
    const std::size_t at = std::min(rest.find(end), rest.size());
    const std::string_view part = rest.substr(0, at);
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return part;
}

bool is_octal(char c) {
    return c >= '0' && c <= '7';
}

/// Blanks, tabs, line breaks and backslashes stand as `\040` and the like.
std::string decode_octal(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '\\' && i + 3 < text.size() && text[i + 1] >= '0' &&
                            text[i + 1] <= '3' && is_octal(text[i + 2]) && is_octal(text[i + 3]);
        if (!escape) {
            out += text[i];
            continue;
        }
        int byte = 0;
        for (int digit = 0; digit < 3; ++digit) {
            byte = byte * 8 + (text[++i] - '0');
        }
        out += static_cast<char>(byte);
    }
    return out;
}

std::optional<Mount> parse_line(std::string_view line) {
    Mount mount;
    const std::string_view id = take_until(line, ' ');
    const auto [end, failure] = std::from_chars(id.data(), id.data() + id.size(), mount.id);
    if (failure != std::errc{} || end != id.data() + id.size()) {
        return std::nullopt;
    }
    for (int skipped = 0; skipped < 3; ++skipped) {  // parent, device, root within the device
        take_until(line, ' ');
    }
    mount.point = decode_octal(take_until(line, ' '));
    while (!line.empty() && take_until(line, ' ') != "-") {  // options, and optional fields
    }
    mount.type = take_until(line, ' ');
    const bool complete = mount.point.starts_with('/') && !mount.type.empty();
    return complete ? std::optional(std::move(mount)) : std::nullopt;
}

}  // namespace

std::vector<Mount> parse_mount_table(std::string_view text) {
    std::vector<Mount> mounts;
    while (!text.empty()) {
        if (auto mount = parse_line(take_until(text, '\n'))) {
            mounts.push_back(std::move(*mount));
        }
    }
    return mounts;
}

std::vector<Mount> mounts_below(const std::vector<Mount>& mounts, std::string_view directory) {
    std::vector<Mount> below;
    std::ranges::copy_if(mounts, std::back_inserter(below), [&](const Mount& mount) {
        return is_within(mount.point, directory);
    });
    return below;
}

std::vector<Mount> read_mount_table() {
    std::ifstream file("/proc/self/mountinfo");
    return parse_mount_table(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace caretaker
