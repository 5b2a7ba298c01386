// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/statsd_lines.hpp"

#include "common/metrics/metric_name.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>

namespace caretaker {

namespace {

/// The scope of everything that is not a label's value.
constexpr std::string_view fixed_part;

/// The parts of a name before cleaning: scope and raw text.
using RawName = std::vector<std::pair<std::string_view, std::string_view>>;

void split_at_dots(std::string_view text, RawName& out) {
    while (true) {
        const std::size_t dot = text.find('.');
        out.emplace_back(fixed_part, text.substr(0, dot));
        if (dot == std::string_view::npos) {
            return;
        }
        text.remove_prefix(dot + 1);
    }
}

RawName raw_name(const Metric& metric, const StatsdNaming& naming) {
    RawName parts;
    if (!naming.prefix.empty()) {
        split_at_dots(naming.prefix, parts);
    }
    parts.emplace_back(fixed_part, naming.job);
    parts.emplace_back(fixed_part, naming.target);
    if (!naming.host.empty()) {
        parts.emplace_back(fixed_part, naming.host);
    }
    for (const Label& label : metric.labels) {
        parts.emplace_back(fixed_part, label.key);
        parts.emplace_back(label.key, label.value);
    }
    split_at_dots(metric.name, parts);
    return parts;
}

std::string clean_name(const RawName& parts, const SegmentNames& names) {
    std::vector<std::string> segments;
    for (const auto& [scope, raw] : parts) {
        segments.push_back(names.text(scope, raw));
    }
    return join_segments(segments);
}

std::string_view type_of(MetricKind kind) {
    switch (kind) {
        case MetricKind::counter:
            return "c";
        case MetricKind::gauge:
            return "g";
        case MetricKind::timer:
            break;
    }
    return "ms";
}

struct Aggregate {
    std::string name{};
    MetricKind kind = MetricKind::gauge;
    double value = 0;
};

bool is_sendable(const Metric& metric) {
    return std::isfinite(metric.value) && (metric.kind != MetricKind::timer || metric.value >= 0);
}

/// One entry per counter and gauge, one per value of a timer, in order of first appearance.
std::vector<Aggregate> aggregate(std::span<const Metric* const> metrics,
                                 const StatsdNaming& naming) {
    SegmentNames names;
    for (const Metric* metric : metrics) {
        for (const auto& [scope, raw] : raw_name(*metric, naming)) {
            names.add(scope, raw);
        }
    }
    std::vector<Aggregate> out;
    std::unordered_map<std::string, std::size_t> places;
    for (const Metric* metric : metrics) {
        const std::string name = clean_name(raw_name(*metric, naming), names);
        if (metric->kind == MetricKind::timer) {
            out.push_back({name, metric->kind, metric->value});
            continue;
        }
        const auto [place, is_new] =
            places.try_emplace(fmt::format("{}|{}", name, type_of(metric->kind)), out.size());
        if (is_new) {
            out.push_back({name, metric->kind, metric->value});
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
        const std::string_view type = type_of(entry.kind);
        out.lines.push_back(is_pair
                                ? fmt::format("{0}:0|{2}\n{0}:{1}|{2}", entry.name, *number, type)
                                : fmt::format("{}:{}|{}", entry.name, *number, type));
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
