// SPDX-License-Identifier: Apache-2.0
#include "common/clients/port_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

namespace caretaker {

namespace {

constexpr std::uint64_t last_port = std::numeric_limits<std::uint16_t>::max();

/// Cuts a number off `text`, with the blanks around it.
std::optional<std::uint64_t> take_number(std::string_view& text) {
    const auto skip_blanks = [&] {
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    };
    skip_blanks();
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc{}) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
    skip_blanks();
    return number;
}

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c)) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::int64_t count_ports(std::span<const PortRange> ranges) {
    std::int64_t count = 0;
    for (const PortRange& range : ranges) {
        count += range.end - range.begin + 1;
    }
    return count;
}

bool contains_port(std::span<const PortRange> ranges, std::uint16_t port) {
    const auto range = std::ranges::lower_bound(ranges, port, {}, &PortRange::end);
    return range != ranges.end() && range->begin <= port;
}

std::optional<PortSet> PortSet::parse(std::string_view text) {
    PortSet set;
    if (!take(text, '[') || !text.ends_with(']')) {
        return std::nullopt;
    }
    text.remove_suffix(1);
    if (text.find_first_not_of(' ') == std::string_view::npos) {
        return set;
    }
    do {
        const auto begin = take_number(text);
        if (!begin || !take(text, '-')) {
            return std::nullopt;
        }
        const auto end = take_number(text);
        if (!end || *begin > *end || *end > last_port) {
            return std::nullopt;
        }
        set.ranges_.push_back(
            {static_cast<std::uint16_t>(*begin), static_cast<std::uint16_t>(*end)});
    } while (take(text, ','));
    if (!text.empty()) {
        return std::nullopt;
    }
    set.normalize();
    return set;
}

bool PortSet::add(std::uint64_t begin, std::uint64_t end) {
    if (begin > end || end > last_port) {
        return false;
    }
    ranges_.push_back({static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(end)});
    if (ranges_.size() > 1 && ranges_[ranges_.size() - 2].end + 1 >= ranges_.back().begin) {
        normalize();
    }
    return true;
}

void PortSet::add(const PortSet& other) {
    if (other.ranges_.empty()) {
        return;
    }
    ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
    normalize();
}

void PortSet::remove(const PortSet& other) {
    if (other.ranges_.empty()) {
        return;
    }
    std::vector<PortRange> left;
    auto hole = other.ranges_.begin();
    for (const PortRange& range : ranges_) {
        std::uint32_t begin = range.begin;
        while (hole != other.ranges_.end() && hole->end < begin) {
            ++hole;
        }
        for (auto next = hole; next != other.ranges_.end() && next->begin <= range.end; ++next) {
            if (next->begin > begin) {
                left.push_back({static_cast<std::uint16_t>(begin),
                                static_cast<std::uint16_t>(next->begin - 1)});
            }
            begin = next->end + 1U;
        }
        if (begin <= range.end) {
            left.push_back({static_cast<std::uint16_t>(begin), range.end});
        }
    }
    ranges_ = std::move(left);
}

std::string PortSet::text() const {
    std::string text = "[";
    for (const PortRange& range : ranges_) {
        text += fmt::format("{}{}-{}", text.size() == 1 ? "" : ", ", range.begin, range.end);
    }
    return text + ']';
}

void PortSet::normalize() {
    std::ranges::sort(ranges_, {}, &PortRange::begin);
    std::size_t kept = 0;
    for (const PortRange& range : ranges_) {
        if (kept > 0 && ranges_[kept - 1].end + 1 >= range.begin) {
            ranges_[kept - 1].end = std::max(ranges_[kept - 1].end, range.end);
        } else {
            ranges_[kept++] = range;
        }
    }
    ranges_.resize(kept);
}

}  // namespace caretaker
