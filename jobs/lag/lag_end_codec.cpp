// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_end_codec.hpp"

#include "jobs/lag/packed_bytes.hpp"

#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr char version = 1;
constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();

std::uint64_t distance(std::int64_t later, std::int64_t earlier) {
    return later > earlier ? static_cast<std::uint64_t>(later - earlier) : 0;
}

void pack_partition(std::span<const LogEnd> ends, std::int64_t run_ms, PackedWriter& out) {
    LogEnd later{.at_ms = run_ms};
    for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
        out.number(distance(later.at_ms, end->at_ms));
        out.number(end == ends.rbegin() ? static_cast<std::uint64_t>(end->offset)
                                        : distance(later.offset, end->offset));
        later = *end;
    }
}

/// `value` less what is read; fails where that is below 0.
std::int64_t step_down(PackedReader& in, std::int64_t value) {
    const std::uint64_t step = in.number();
    if (step > static_cast<std::uint64_t>(value)) {
        in.fail();
        return 0;
    }
    return value - static_cast<std::int64_t>(step);
}

std::int64_t not_negative(PackedReader& in) {
    const std::uint64_t value = in.number();
    if (value > largest) {
        in.fail();
        return 0;
    }
    return static_cast<std::int64_t>(value);
}

void unpack_partition(PackedReader& in, std::int64_t run_ms, std::span<LogEnd> ends) {
    LogEnd later{.at_ms = run_ms};
    for (std::size_t i = ends.size(); i-- > 0;) {
        const bool is_newest = i + 1 == ends.size();
        ends[i].at_ms = step_down(in, later.at_ms);
        ends[i].offset = is_newest ? not_negative(in) : step_down(in, later.offset);
        later = ends[i];
    }
}

/// The times of the runs, the newest first.
void unpack_runs(PackedReader& in, std::vector<std::int64_t>& runs_ms) {
    std::int64_t run_ms = 0;
    for (std::size_t left = in.count(1); left > 0; --left) {
        run_ms = runs_ms.empty() ? not_negative(in) : step_down(in, run_ms);
        runs_ms.push_back(run_ms);
    }
    if (runs_ms.empty() || runs_ms.front() > latest_ms) {
        in.fail();
    }
}

void unpack_all(PackedReader& in, TopicEnds& out) {
    unpack_runs(in, out.runs_ms);
    std::int64_t partition = -1;
    for (std::size_t left = in.count(3); left > 0 && in.ok(); --left) {
        const std::uint64_t step = in.number();
        constexpr std::int64_t last = std::numeric_limits<std::int32_t>::max();
        if (step >= static_cast<std::uint64_t>(last - partition)) {
            in.fail();
            return;
        }
        partition += static_cast<std::int64_t>(step) + 1;
        const std::size_t count = in.count(2);
        PackedReader ends(in.bytes(in.count(1)));
        if (!in.ok()) {
            return;
        }
        unpack_partition(ends,
                         out.runs_ms.front(),
                         out.partitions.add(static_cast<std::int32_t>(partition), count));
        if (!ends.ok() || !ends.at_end()) {
            in.fail();
        }
    }
}

}  // namespace

void pack_ends(const TopicEnds& ends, std::string& out) {
    out += version;
    PackedWriter writer(out);
    writer.number(ends.runs_ms.size());
    std::int64_t later = 0;
    for (std::size_t i = 0; i < ends.runs_ms.size(); ++i) {
        const std::int64_t run_ms = ends.runs_ms[i];
        writer.number(i == 0 ? static_cast<std::uint64_t>(run_ms) : distance(later, run_ms));
        later = run_ms;
    }
    const std::int64_t newest = ends.runs_ms.empty() ? 0 : ends.runs_ms.front();
    writer.number(ends.partitions.size());
    std::int64_t before = -1;
    std::string packed;
    for (std::size_t i = 0; i < ends.partitions.size(); ++i) {
        const PartitionEnds one = ends.partitions.at(i);
        writer.number(static_cast<std::uint64_t>(one.partition - before - 1));
        before = one.partition;
        packed.clear();
        PackedWriter ends_writer(packed);
        pack_partition(one.ends, newest, ends_writer);
        writer.number(one.ends.size());
        writer.number(packed.size());
        out += packed;
    }
}

bool unpack_ends(std::string_view bytes, TopicEnds& ends) {
    ends.runs_ms.clear();
    ends.partitions.clear();
    PackedReader in(bytes.substr(bytes.empty() ? 0 : 1));
    const bool known = !bytes.empty() && bytes.front() == version;
    if (known) {
        unpack_all(in, ends);
    }
    if (known && in.ok() && in.at_end()) {
        return true;
    }
    ends.runs_ms.clear();
    ends.partitions.clear();
    return false;
}

PackedEnds::PackedEnds(std::string_view bytes) : in_(bytes.substr(bytes.empty() ? 0 : 1)) {
    std::vector<std::int64_t> runs_ms;
    unpack_runs(in_, runs_ms);
    run_ms_ = in_.ok() ? runs_ms.front() : 0;
    left_ = in_.count(3);
}

std::span<const LogEnd> PackedEnds::find(std::int32_t partition) {
    while (partition_ < partition && left_ > 0) {
        in_.bytes(std::exchange(bytes_, 0));  // of a partition that nobody asked for
        --left_;
        partition_ += static_cast<std::int64_t>(in_.number()) + 1;
        count_ = in_.count(2);
        bytes_ = in_.count(1);
        is_held_ = false;
    }
    if (partition_ != partition) {
        return {};
    }
    if (!is_held_) {
        ends_.resize(count_);
        PackedReader ends(in_.bytes(std::exchange(bytes_, 0)));
        unpack_partition(ends, run_ms_, ends_);
        is_held_ = true;
    }
    return ends_;
}

}  // namespace caretaker
