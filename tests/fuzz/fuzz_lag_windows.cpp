// SPDX-License-Identifier: Apache-2.0
// Any bytes as kept windows or kept ends of logs: what is taken can be used, and packed again comes
// to the same.
#include "jobs/lag/lag_end_codec.hpp"
#include "jobs/lag/lag_time.hpp"
#include "jobs/lag/lag_window_codec.hpp"
#include "jobs/lag/packed_bytes.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace caretaker;

constexpr std::int64_t intervals = 10;

void check_windows(std::string_view bytes) {
    WindowList windows;
    if (!unpack_windows(bytes, intervals, windows)) {
        fuzz::require(windows.empty(), "bad bytes are no windows");
        return;
    }
    std::vector<CommitPoint> points;
    for (std::size_t i = 0; i < windows.size(); ++i) {
        const WindowView window = windows.at(i);
        fuzz::require(window.points.size() <= bytes.size(), "points come from bytes");
        judge_partition({.points = window.points, .lag = 5, .now_ms = latest_ms}, {});
        update_window(window, {.at_ms = latest_ms + 1, .committed = 3, .end = 4}, {}, points);
    }
    std::string again;
    pack_windows(windows, intervals, again);
    WindowList twice;
    fuzz::require(unpack_windows(again, intervals, twice), "packed again it is good");
    fuzz::require(windows.size() == twice.size(), "packed again it has as many windows");
}

void check_ends(std::string_view bytes) {
    TopicEnds ends;
    if (!unpack_ends(bytes, ends)) {
        fuzz::require(ends.partitions.size() == 0, "bad bytes are no ends");
        return;
    }
    const std::int64_t now_ms = ends.runs_ms.front();
    PackedEnds packed(bytes);
    for (std::size_t i = 0; i < ends.partitions.size(); ++i) {
        const auto kept = ends.partitions.at(i).ends;
        fuzz::require(kept.size() <= bytes.size(), "ends come from bytes");
        const auto found = packed.find(ends.partitions.at(i).partition);
        fuzz::require(std::ranges::equal(found, kept), "both readers agree");
        const auto lag = find_time_lag(1'000, kept, now_ms);
        fuzz::require(!lag || lag->ms >= 0, "no lag in time is negative");
        std::vector<LogEnd> more(kept.begin(), kept.end());
        add_end(more, {1'000, now_ms}, {});
        fuzz::require(!more.empty(), "the newest end stays");
    }
    std::string again;
    pack_ends(ends, again);
    fuzz::require(unpack_ends(again, ends), "packed again it is good");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    check_windows(fuzz::as_text(data, size));
    check_ends(fuzz::as_text(data, size));
    return 0;
}
