// SPDX-License-Identifier: Apache-2.0
// Keys are part of the public interface: they may be added to, never renamed.
#include "jobs/leftovers/forecast_report.hpp"

#include "common/base/table_columns.hpp"
#include "common/store/store.hpp"
#include "jobs/leftovers/forecast_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::chrono::days looked_back{90};
constexpr double short_days = 30;
constexpr double very_short_days = 7;
constexpr double most_days = 3'650;  // beyond it nobody can say

double tenth_of(const Report& report,
                const std::string& name,
                const std::vector<Label>& labels = {}) {
    const auto whole = std::ranges::find_if(report.metrics, [&](const Metric& metric) {
        return metric.name == name && metric.labels == labels;
    });
    return whole == report.metrics.end() ? 0 : whole->value / 10;
}

/// What a series is called, and where it is as good as used up.
struct Subject {
    std::string name{};
    double threshold = 0;
};

Subject subject_of(const Sample& sample, const Report& report) {
    const Label& first = sample.labels.at(0);
    if (first.key == "resource") {
        return {"free " + first.value, tenth_of(report, "total." + first.value)};
    }
    if (first.key == "role") {
        const std::string& resource = sample.labels.at(1).value;
        return {fmt::format("quota {} {}", first.value, resource),
                tenth_of(report, "quota_limit." + resource, {first})};
    }
    return {"fits " + first.value, 1};
}

double rounded(double value) {
    return std::round(value * 1'000) / 1'000;
}

Cell number_cell(const std::optional<double>& value) {
    return value ? Cell(rounded(*value)) : Cell();
}

Forecast forecast_sample(const Store& store,
                         const std::string& target,
                         WallTime now,
                         const Sample& sample,
                         const Report& report) {
    Subject subject = subject_of(sample, report);
    std::vector<TrendPoint> points;
    for (const SamplePoint& point :
         store.samples(sample.series, target, sample.labels, now - looked_back)) {
        points.push_back({point.start, point.last});
    }
    points.push_back({now, sample.value});
    return forecast(std::move(subject.name), points, subject.threshold);
}

}  // namespace

void report_forecast(const Store& store, const std::string& target, WallTime now, Report& report) {
    Table table{.title = "Forecast",
                .columns = {text_column("series", "SERIES"),
                            number_column("level", "NOW"),
                            number_column("slope_per_day", "PER DAY"),
                            number_column("threshold", "THRESHOLD"),
                            number_column("eta_days", "DAYS LEFT"),
                            text_column("reason", "REASON")}};
    for (const Sample& sample : report.samples) {
        const Forecast cast = forecast_sample(store, target, now, sample, report);
        table.rows.push_back({cast.series,
                              number_cell(cast.level),
                              number_cell(cast.slope_per_day),
                              rounded(cast.threshold),
                              number_cell(cast.eta_days),
                              non_empty(cast.reason)});
        if (!cast.eta_days) {
            continue;
        }
        report.metrics.push_back({.name = "eta_days",
                                  .value = std::min(*cast.eta_days, most_days),
                                  .labels = sample.labels});
        if (*cast.eta_days < short_days) {
            report.findings.push_back(
                {.code = "eta_short",
                 .subject = cast.series,
                 .message = fmt::format(
                     "{} is at {} and reaches {} in {} days, as it went so far; "
                     "{}, or stop what is not needed",
                     cast.series,
                     rounded(*cast.level),
                     rounded(cast.threshold),
                     std::floor(*cast.eta_days),
                     sample.labels.at(0).key == "role" ? "raise the limit" : "add agents"),
                 .severity = *cast.eta_days < very_short_days ? Severity::high : Severity::warn});
        }
    }
    report.details.push_back(std::move(table));
}

}  // namespace caretaker
