// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/disk_relief.hpp"

#include "common/text/ascii.hpp"
#include "common/text/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace caretaker {

namespace {

std::optional<double> parse_number(std::string_view text) {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    const bool good = !text.empty() && parsed.ec == std::errc{} && parsed.ptr == end && value >= 0;
    return good ? std::optional(value) : std::nullopt;
}

/// "50gb" as servers write it, by 1024.
std::optional<std::int64_t> parse_server_bytes(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, int>, 6> units{
        {{"pb", 50}, {"tb", 40}, {"gb", 30}, {"mb", 20}, {"kb", 10}, {"b", 0}}};
    constexpr double most = 9.0e18;
    const std::string lower = ascii_lower(text);
    for (const auto& [unit, shift] : units) {
        if (!lower.ends_with(unit)) {
            continue;
        }
        const auto number =
            parse_number(std::string_view(lower).substr(0, lower.size() - unit.size()));
        const double bytes = number.value_or(-1) * static_cast<double>(std::int64_t{1} << shift);
        return bytes >= 0 && bytes < most ? std::optional(static_cast<std::int64_t>(bytes))
                                          : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::optional<DiskLimit> DiskLimit::parse(std::string_view text) {
    constexpr double hundred = 100;
    DiskLimit limit;
    if (text.ends_with('%')) {
        const auto percent = parse_number(text.substr(0, text.size() - 1));
        if (!percent || *percent > hundred) {
            return std::nullopt;
        }
        limit.used_part_ = *percent / hundred;
        return limit;
    }
    if (const auto ratio = parse_number(text)) {
        if (*ratio > 1) {
            return std::nullopt;
        }
        limit.used_part_ = *ratio;
        return limit;
    }
    const auto bytes = parse_server_bytes(text);
    if (!bytes) {
        return std::nullopt;
    }
    limit.free_bytes_ = *bytes;
    return limit;
}

std::int64_t DiskLimit::usable(std::int64_t total_bytes) const {
    const auto part = static_cast<std::int64_t>(static_cast<double>(total_bytes) * used_part_);
    return std::max<std::int64_t>(std::min(part, total_bytes - free_bytes_), 0);
}

std::optional<DiskLimit> find_disk_limit(std::string_view word,
                                         const Watermarks& watermarks,
                                         std::string& problem) {
    constexpr std::array<std::string_view, 3> names{"low", "high", "flood_stage"};
    std::string text(word);
    if (std::ranges::find(names, word) != names.end()) {
        const auto found = watermarks.find(text);
        if (found == watermarks.end()) {
            problem = fmt::format(
                "the cluster has no disk watermark {}, or they are switched off; write a "
                "percentage, e.g. 80%",
                word);
            return std::nullopt;
        }
        text = found->second;
    }
    auto limit = DiskLimit::parse(text);
    if (!limit) {
        problem = fmt::format(
            "'{}' is no limit of a disk; write low, high, flood_stage, a percentage such as 80%, "
            "or "
            "what has to stay free, such as 50gb",
            text);
    }
    return limit;
}

DiskState::DiskState(std::span<const ClusterNode> nodes,
                     std::span<const ShardCopy> copies,
                     const DiskLimit& limit) {
    for (const ClusterNode& node : nodes) {
        if (node.total_bytes && node.available_bytes) {
            const std::int64_t used = *node.total_bytes - *node.available_bytes;
            disks_.push_back({node.name, used - limit.usable(*node.total_bytes)});
        }
    }
    for (const ShardCopy& copy : copies) {
        const auto disk = std::ranges::find(disks_, copy.node, &Disk::node);
        if (disk != disks_.end() && copy.bytes > 0) {
            parts_[copy.index].push_back(
                {static_cast<std::size_t>(disk - disks_.begin()), copy.bytes});
        }
    }
}

bool DiskState::is_tight() const {
    return std::ranges::any_of(disks_, [](const Disk& disk) { return disk.excess > 0; });
}

bool DiskState::would_help(std::string_view index) const {
    const auto found = parts_.find(index);
    return found != parts_.end() && std::ranges::any_of(found->second, [&](const Part& part) {
               return disks_[part.disk].excess > 0;
           });
}

void DiskState::remove(std::string_view index) {
    const auto found = parts_.find(index);
    if (found == parts_.end()) {
        return;
    }
    for (const Part& part : found->second) {
        disks_[part.disk].excess -= part.bytes;
    }
    parts_.erase(found);
}

std::string DiskState::describe_excess() const {
    std::string text;
    for (const Disk& disk : disks_) {
        if (disk.excess > 0) {
            text += fmt::format("{}{} by {}",
                                text.empty() ? "" : ", ",
                                disk.node,
                                format_bytes(static_cast<std::uint64_t>(disk.excess)));
        }
    }
    return text;
}

}  // namespace caretaker
