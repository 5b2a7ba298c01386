// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/platform_resources.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace caretaker::sandbox {

std::string_view FakeResource::role() const {
    return reservations.empty() ? std::string_view("*")
                                : std::string_view(reservations.back().role);
}

FakeResource make_scalar(std::string name, std::int64_t milli) {
    return {.name = std::move(name), .milli = milli};
}

FakeResource make_ports(std::int64_t begin, std::int64_t end) {
    return {.name = "ports", .ranges = {{begin, end}}};
}

bool is_same_kind(const FakeResource& a, const FakeResource& b) {
    return a.name == b.name && a.ranges.empty() == b.ranges.empty() &&
           a.items.empty() == b.items.empty() && a.reservations == b.reservations &&
           a.source == b.source && a.source_root == b.source_root && a.volume_id == b.volume_id &&
           a.is_revocable == b.is_revocable && a.allocated_to == b.allocated_to;
}

void add_resource(std::vector<FakeResource>& list, FakeResource added) {
    if (added.is_scalar() && added.milli == 0) {
        return;
    }
    const auto found = std::ranges::find_if(
        list, [&](const FakeResource& resource) { return is_same_kind(resource, added); });
    if (found == list.end()) {
        added.ranges = join_ranges(std::move(added.ranges));
        list.push_back(std::move(added));
        return;
    }
    found->milli += added.milli;
    found->ranges.insert(found->ranges.end(), added.ranges.begin(), added.ranges.end());
    found->ranges = join_ranges(std::move(found->ranges));
    for (std::string& item : added.items) {
        if (std::ranges::find(found->items, item) == found->items.end()) {
            found->items.push_back(std::move(item));
        }
    }
}

void subtract_resource(std::vector<FakeResource>& list, const FakeResource& taken) {
    const auto found = std::ranges::find_if(
        list, [&](const FakeResource& resource) { return is_same_kind(resource, taken); });
    if (found == list.end()) {
        return;
    }
    const bool was_scalar = found->is_scalar();
    found->milli = std::max<std::int64_t>(0, found->milli - taken.milli);
    found->ranges = subtract_ranges(std::move(found->ranges), taken.ranges);
    std::erase_if(found->items, [&](const std::string& item) {
        return std::ranges::find(taken.items, item) != taken.items.end();
    });
    if (was_scalar ? found->milli == 0 : found->is_scalar()) {
        list.erase(found);
    }
}

std::vector<FakeRange> join_ranges(std::vector<FakeRange> ranges) {
    std::ranges::sort(ranges, {}, &FakeRange::begin);
    std::vector<FakeRange> joined;
    for (const FakeRange& range : ranges) {
        if (!joined.empty() && range.begin <= joined.back().end + 1) {
            joined.back().end = std::max(joined.back().end, range.end);
        } else {
            joined.push_back(range);
        }
    }
    return joined;
}

std::vector<FakeRange> subtract_ranges(std::vector<FakeRange> ranges,
                                       const std::vector<FakeRange>& taken) {
    for (const FakeRange& hole : taken) {
        std::vector<FakeRange> left;
        for (const FakeRange& range : ranges) {
            if (hole.end < range.begin || hole.begin > range.end) {
                left.push_back(range);
                continue;
            }
            if (range.begin < hole.begin) {
                left.push_back({range.begin, hole.begin - 1});
            }
            if (range.end > hole.end) {
                left.push_back({hole.end + 1, range.end});
            }
        }
        ranges = std::move(left);
    }
    return ranges;
}

std::string format_ranges(const std::vector<FakeRange>& ranges) {
    std::vector<std::string> parts;
    for (const FakeRange& range : ranges) {
        parts.push_back(fmt::format("{}-{}", range.begin, range.end));
    }
    return fmt::format("[{}]", fmt::join(parts, ", "));
}

std::int64_t sum_milli(const std::vector<FakeResource>& list, std::string_view name) {
    std::int64_t sum = 0;
    for (const FakeResource& resource : list) {
        sum += resource.name == name && resource.is_scalar() ? resource.milli : 0;
    }
    return sum;
}

}  // namespace caretaker::sandbox
