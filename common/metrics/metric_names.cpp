// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/metric_names.hpp"

namespace caretaker {

namespace {

/// The scope of everything that is not a label's value.
constexpr std::string_view fixed_part;

std::vector<std::string_view> split_at_dots(std::string_view text) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t dot = text.find('.');
        parts.push_back(text.substr(0, dot));
        if (dot == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

MetricNames::MetricNames(std::span<const Metric* const> metrics, StatsdNaming naming)
    : naming_(std::move(naming)), names_(kept_in_tag_values(naming_.dialect)) {
    for (const Metric* metric : metrics) {
        for (const auto& [scope, raw] : name_parts(*metric)) {
            names_.add(scope, raw);
        }
        for (const auto& [key, value] : tag_parts(*metric)) {
            names_.add(key.scope, key.raw);
            names_.add(value.scope, value.raw);
        }
    }
}

std::vector<MetricNames::Part> MetricNames::name_parts(const Metric& metric) const {
    std::vector<Part> parts;
    const auto add_segments = [&](std::string_view text) {
        for (const std::string_view segment : split_at_dots(text)) {
            parts.push_back({fixed_part, segment});
        }
    };
    const bool has_tags = naming_.dialect != StatsdDialect::none;
    if (!naming_.prefix.empty()) {
        add_segments(naming_.prefix);
    }
    parts.push_back({fixed_part, naming_.job});
    if (!has_tags) {
        parts.push_back({fixed_part, naming_.target});
        if (!naming_.host.empty()) {
            parts.push_back({fixed_part, naming_.host});
        }
    }
    if (naming_.dry_run) {
        parts.push_back({fixed_part, "dry"});
    }
    if (!has_tags) {
        for (const Label& label : metric.labels) {
            parts.push_back({fixed_part, label.key});
            parts.push_back({label.key, label.value});
        }
    }
    add_segments(metric.name);
    return parts;
}

std::vector<std::pair<MetricNames::Part, MetricNames::Part>> MetricNames::tag_parts(
    const Metric& metric) const {
    std::vector<std::pair<Part, Part>> parts;
    if (naming_.dialect == StatsdDialect::none) {
        return parts;
    }
    const auto add = [&](std::string_view key, std::string_view value) {
        parts.emplace_back(Part{fixed_part, key}, Part{key, value});
    };
    add("target", naming_.target);
    if (!naming_.host.empty()) {
        add("host", naming_.host);
    }
    for (const Label& label : metric.labels) {
        add(label.key, label.value);
    }
    return parts;
}

std::string MetricNames::text(const Part& part) const {
    return names_.text(part.scope, part.raw);
}

StatsdName MetricNames::name(const Metric& metric) const {
    std::vector<std::string> segments;
    for (const Part& part : name_parts(metric)) {
        segments.push_back(text(part));
    }
    std::vector<StatsdTag> tags;
    for (const auto& [key, value] : tag_parts(metric)) {
        tags.emplace_back(text(key), text(value));
    }
    return format_statsd_name(naming_.dialect, join_segments(segments), tags);
}

}  // namespace caretaker
