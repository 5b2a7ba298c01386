// SPDX-License-Identifier: Apache-2.0
// Metrics as StatsD lines, and lines as datagrams. Pure.
#pragma once

#include "common/base/report.hpp"
#include "common/metrics/metric_names.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

struct StatsdLines {
    /// `name:value|type`, with tags by dialect, without a line break at the end. A negative gauge
    /// is one entry of two lines, since only after a zero servers read the sign as part of the
    /// value and not as a change.
    std::vector<std::string> lines{};

    /// Metrics left out: not a finite number, a negative time, or beyond `max_lines`.
    std::size_t dropped = 0;
};

/// Metrics of one name (see MetricNames) become one line each: counters their sum, gauges the last
/// value; timers stay single. Lines stand in the order in which the names first appear; at
/// `max_lines` the rest is dropped, so important metrics come first.
StatsdLines format_statsd(std::span<const Metric> metrics,
                          const StatsdNaming& naming,
                          std::size_t max_lines = 5'000);

/// A whole number without a point, else at most 6 decimals without trailing zeros; never an
/// exponent, always a `.`; nothing for NaN and infinities.
std::optional<std::string> format_statsd_number(double value);

struct Datagram {
    std::string payload{};  // lines, each ended by '\n'
    std::size_t lines = 0;  // entries of the list that was packed
};

struct Datagrams {
    std::vector<Datagram> datagrams{};
    std::size_t dropped = 0;  // entries that are longer than a datagram may be
};

/// Fills datagrams of at most `max_payload` bytes in order. An entry is never cut or spread.
Datagrams pack_datagrams(std::span<const std::string> lines, std::size_t max_payload);

}  // namespace caretaker
