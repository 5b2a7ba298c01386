// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/statsd_lines.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>

namespace caretaker {

namespace {

/// Only DogStatsD knows `h`; the original server takes unknown types for counters.
std::string_view type_of(MetricKind kind, const StatsdNaming& naming) {
    switch (kind) {
        case MetricKind::counter:
            return "c";
        case MetricKind::gauge:
            return "g";
        case MetricKind::timer:
            break;
    }
    const bool as_histogram = naming.histograms && naming.dialect == StatsdDialect::dogstatsd;
    return as_histogram ? "h" : "ms";
}

struct Aggregate {
    StatsdName name{};
    MetricKind kind = MetricKind::gauge;
    double value = 0;
};

bool is_sendable(const Metric& metric) {
    return std::isfinite(metric.value) && (metric.kind != MetricKind::timer || metric.value >= 0);
}

/// One entry per counter and gauge, one per value of a timer, in order of first appearance.
std::vector<Aggregate> aggregate(std::span<const Metric* const> metrics,
                                 const StatsdNaming& naming) {
    const MetricNames names(metrics, naming);
    std::vector<Aggregate> out;
    std::map<std::tuple<std::string, std::string, MetricKind>, std::size_t> places;
    for (const Metric* metric : metrics) {
        StatsdName name = names.name(*metric);
        if (metric->kind == MetricKind::timer) {
            out.push_back({std::move(name), metric->kind, metric->value});
            continue;
        }
        const auto [place, is_new] =
            places.try_emplace(std::tuple(name.front, name.end, metric->kind), out.size());
        if (is_new) {
            out.push_back({std::move(name), metric->kind, metric->value});
        } else if (metric->kind == MetricKind::counter) {
            out[place->second].value += metric->value;
        } else {
            out[place->second].value = metric->value;
        }
    }
    return out;
}

}  // namespace

std::optional<std::string> format_statsd_number(double value) {
    if (!std::isfinite(value)) {
        return std::nullopt;
    }
    constexpr int decimals = 6;
    std::array<char, std::numeric_limits<double>::max_exponent10 + decimals + 4> buffer{};
    const auto [end, error] = std::to_chars(
        buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
    std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    text = text.substr(0, text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) {
        text.remove_suffix(1);
    }
    return std::string(text == "-0" ? "0" : text);
}

StatsdLines format_statsd(std::span<const Metric> metrics,
                          const StatsdNaming& naming,
                          std::size_t max_lines) {
    StatsdLines out;
    std::vector<const Metric*> sendable;
    for (const Metric& metric : metrics) {
        if (is_sendable(metric)) {
            sendable.push_back(&metric);
        } else {
            ++out.dropped;
        }
    }
    std::size_t left = max_lines;
    for (const Aggregate& entry : aggregate(sendable, naming)) {
        const auto number = format_statsd_number(entry.value);
        if (!number) {  // a sum beyond the range of double
            ++out.dropped;
            continue;
        }
        const bool is_pair = entry.kind == MetricKind::gauge && number->starts_with('-');
        const std::size_t needed = is_pair ? 2 : 1;
        if (needed > left) {
            left = 0;  // keeps the order: nothing smaller slips in behind
            ++out.dropped;
            continue;
        }
        left -= needed;
        const auto line = [&](std::string_view value) {
            return fmt::format(
                "{}:{}|{}{}", entry.name.front, value, type_of(entry.kind, naming), entry.name.end);
        };
        out.lines.push_back(is_pair ? line("0") + '\n' + line(*number) : line(*number));
    }
    return out;
}

Datagrams pack_datagrams(std::span<const std::string> lines, std::size_t max_payload) {
    Datagrams out;
    for (const std::string& line : lines) {
        const std::size_t size = line.size() + 1;
        if (size > max_payload) {
            ++out.dropped;
            continue;
        }
        if (out.datagrams.empty() || out.datagrams.back().payload.size() + size > max_payload) {
            out.datagrams.emplace_back();
        }
        Datagram& datagram = out.datagrams.back();
        datagram.payload += line;
        datagram.payload += '\n';
        ++datagram.lines;
    }
    return out;
}

}  // namespace caretaker
