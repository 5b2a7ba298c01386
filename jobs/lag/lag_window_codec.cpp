// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_window_codec.hpp"

#include "jobs/lag/packed_bytes.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <vector>

namespace caretaker {

namespace {

constexpr char version = 3;
constexpr char version_without_findings = 2;
constexpr char version_without_early = 1;
constexpr unsigned flag_bits = 7;
constexpr unsigned flag_bits_without_findings = 6;
constexpr unsigned flag_bits_without_early = 5;
constexpr std::uint64_t was_ahead = 1;
constexpr std::uint64_t has_runs = 2;
constexpr std::uint64_t has_runs_no_commit = 4;
constexpr std::uint64_t has_points = 8;
constexpr std::uint64_t was_owned = 16;
constexpr std::uint64_t has_early = 32;
constexpr std::uint64_t has_finding = 64;
constexpr std::uint64_t most_runs = std::numeric_limits<std::uint16_t>::max();

/// Stored as the place here plus one.
constexpr std::array<LagStatus, 5> findings{LagStatus::lost,
                                            LagStatus::ahead,
                                            LagStatus::no_topic,
                                            LagStatus::no_leader,
                                            LagStatus::unknown};

void pack_points(std::span<const CommitPoint> points, std::int64_t newest_ms, PackedWriter& out) {
    std::int64_t offset = 0;
    std::int64_t later_ms = newest_ms;
    for (auto point = points.rbegin(); point != points.rend(); ++point) {
        out.step(offset, point->offset);
        out.number(static_cast<std::uint64_t>(std::max<std::int64_t>(later_ms - point->at_ms, 0)));
        out.number(point->lag ? static_cast<std::uint64_t>(*point->lag) + 1 : 0);
        offset = point->offset;
        later_ms = std::min(later_ms, point->at_ms);
    }
}

/// Fills `points`; refuses what no run can have seen.
void unpack_points(PackedReader& in, std::int64_t newest_ms, std::span<CommitPoint> points) {
    constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
    std::int64_t offset = 0;
    auto later_ms = static_cast<std::uint64_t>(newest_ms);
    for (std::size_t i = points.size(); i-- > 0;) {
        offset = in.step(offset);
        const std::uint64_t before_ms = in.number();
        const std::uint64_t lag = in.number();
        if (offset < 0 || before_ms > later_ms || lag > largest) {
            in.fail();
            return;
        }
        later_ms -= before_ms;
        points[i] = {.offset = offset, .at_ms = static_cast<std::int64_t>(later_ms)};
        if (lag > 0) {
            points[i].lag = static_cast<std::int64_t>(lag - 1);
        }
    }
}

std::uint16_t read_runs(PackedReader& in) {
    return static_cast<std::uint16_t>(std::min(in.number(), most_runs));
}

/// The time from which those of points are counted back.
std::int64_t newest_point(const WindowList& windows) {
    std::int64_t newest_ms = 0;
    for (std::size_t i = 0; i < windows.size(); ++i) {
        for (const CommitPoint& point : windows.at(i).points) {
            newest_ms = std::max(newest_ms, point.at_ms);
        }
    }
    return newest_ms;
}

/// Fills what `state` knows of early points.
void unpack_early(PackedReader& in, WindowState& state) {
    const std::uint64_t points = in.number();
    const std::uint64_t seconds = in.number();
    if (points == 0 || points > most_runs || seconds > std::numeric_limits<std::uint32_t>::max()) {
        in.fail();
        return;
    }
    state.early_points = static_cast<std::uint16_t>(points);
    state.early_s = static_cast<std::uint32_t>(seconds);
}

/// Fills what the last run found.
void unpack_finding(PackedReader& in, WindowState& state) {
    const std::uint64_t code = in.number();
    if (code == 0 || code > findings.size()) {
        in.fail();
        return;
    }
    state.finding = findings.at(static_cast<std::size_t>(code - 1));
    if (state.finding == LagStatus::lost) {
        constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
        state.lost = static_cast<std::int64_t>(std::min(in.number(), most));
    }
}

/// How many bits of a head are flags; nothing for a version that is not known.
std::optional<unsigned> flag_bits_of(char given) {
    switch (given) {
        case version:
            return flag_bits;
        case version_without_findings:
            return flag_bits_without_findings;
        case version_without_early:
            return flag_bits_without_early;
        default:
            return std::nullopt;
    }
}

bool unpack_all(PackedReader& in, unsigned bits, std::uint16_t complete, WindowList& out) {
    const std::uint64_t newest_ms = in.number();
    if (newest_ms > static_cast<std::uint64_t>(latest_ms)) {
        return false;
    }
    std::int64_t partition = -1;
    for (std::size_t left = in.count(1); left > 0; --left) {
        const std::uint64_t head = in.number();
        const std::uint64_t distance = (head >> bits) + 1;
        constexpr auto last = std::numeric_limits<std::int32_t>::max();
        if (distance > static_cast<std::uint64_t>(last - partition)) {
            return false;
        }
        partition += static_cast<std::int64_t>(distance);
        WindowState state{
            .partition = static_cast<std::int32_t>(partition),
            .runs = (head & has_runs) != 0 ? read_runs(in) : complete,
            .runs_no_commit = (head & has_runs_no_commit) != 0 ? read_runs(in) : std::uint16_t{0},
            .was_ahead = (head & was_ahead) != 0,
            .was_owned = (head & was_owned) != 0};
        if (bits >= flag_bits_without_findings && (head & has_early) != 0) {
            unpack_early(in, state);
        }
        if (bits >= flag_bits && (head & has_finding) != 0) {
            unpack_finding(in, state);
        }
        const std::size_t count = (head & has_points) != 0 ? in.count(3) : 1;
        if (!in.ok()) {
            return false;
        }
        unpack_points(in, static_cast<std::int64_t>(newest_ms), out.add(state, count));
    }
    return in.ok() && in.at_end();
}

}  // namespace

void pack_windows(const WindowList& windows, std::int64_t intervals, std::string& out) {
    const std::int64_t newest_ms = newest_point(windows);
    out += version;
    PackedWriter writer(out);
    writer.number(static_cast<std::uint64_t>(newest_ms));
    writer.number(windows.size());
    std::int64_t before = -1;
    for (std::size_t i = 0; i < windows.size(); ++i) {
        const WindowView window = windows.at(i);
        const WindowState& state = window.state;
        const std::uint64_t flags =
            (state.was_ahead ? was_ahead : 0) | (state.runs != intervals ? has_runs : 0) |
            (state.runs_no_commit != 0 ? has_runs_no_commit : 0) |
            (window.points.size() != 1 ? has_points : 0) | (state.was_owned ? was_owned : 0) |
            (state.early_points != 0 ? has_early : 0) |
            (state.finding != LagStatus::ok ? has_finding : 0);
        const auto distance = static_cast<std::uint64_t>(state.partition - before - 1);
        writer.number(distance << flag_bits | flags);
        before = state.partition;
        if ((flags & has_runs) != 0) {
            writer.number(state.runs);
        }
        if ((flags & has_runs_no_commit) != 0) {
            writer.number(state.runs_no_commit);
        }
        if ((flags & has_early) != 0) {
            writer.number(state.early_points);
            writer.number(state.early_s);
        }
        if ((flags & has_finding) != 0) {
            const auto* const place = std::ranges::find(findings, state.finding);
            writer.number(static_cast<std::uint64_t>(place - findings.begin()) + 1);
            if (state.finding == LagStatus::lost) {
                writer.number(static_cast<std::uint64_t>(state.lost));
            }
        }
        if ((flags & has_points) != 0) {
            writer.number(window.points.size());
        }
        pack_points(window.points, newest_ms, writer);
    }
}

bool unpack_windows(std::string_view bytes, std::int64_t intervals, WindowList& windows) {
    windows.clear();
    const auto bits = bytes.empty() ? std::nullopt : flag_bits_of(bytes.front());
    if (!bits) {
        return false;
    }
    PackedReader in(bytes.substr(1));
    const auto complete =
        static_cast<std::uint16_t>(std::clamp<std::int64_t>(intervals, 0, most_runs));
    if (!unpack_all(in, *bits, complete, windows)) {
        windows.clear();
        return false;
    }
    return true;
}

}  // namespace caretaker
