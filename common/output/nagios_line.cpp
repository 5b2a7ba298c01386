// SPDX-License-Identifier: Apache-2.0
#include "common/output/nagios_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <vector>

namespace caretaker {

namespace {

constexpr std::size_t most_values = 40;  // a plugin's output is cut at 8 KiB by some agents

std::string upper(std::string_view word) {
    std::string out(word);
    std::ranges::transform(
        out, out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

/// Without the bar that begins the performance data, and on one line.
std::string clean_text(std::string_view text) {
    std::string out(text);
    std::ranges::replace(out, '|', '/');
    std::ranges::replace_if(
        out, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return out;
}

std::string clean_label(std::string_view label) {
    std::string out;
    bool needs_quotes = false;
    for (const char c : label) {
        const bool breaks = c == '=' || c == '|' || c == '\n' || c == '\r';
        out += breaks ? '_' : c;
        out += c == '\'' ? "'" : "";
        needs_quotes = needs_quotes || c == ' ' || c == '\'';
    }
    return needs_quotes ? "'" + out + "'" : out;
}

std::string format_value(double value) {
    const std::string text = fmt::format("{:.6f}", value);
    const std::size_t last = text.find_last_not_of('0');
    return text.substr(0, text[last] == '.' ? last : last + 1);
}

std::string_view unit_of(const Metric& metric) {
    if (metric.unit == "bytes") {
        return "B";
    }
    return metric.unit == "ms" ? "ms" : "";
}

}  // namespace

std::string format_nagios_line(std::string_view service,
                               NagiosState state,
                               std::string_view text,
                               std::span<const NagiosValue> values) {
    std::string line = fmt::format("CARETAKER {}{}{}: {}",
                                   upper(service),
                                   service.empty() ? "" : " ",
                                   to_string(state),
                                   clean_text(text));
    const char* before = " | ";
    for (const NagiosValue& value : values) {
        if (std::isfinite(value.value)) {
            line += fmt::format("{}{}={}{}",
                                before,
                                clean_label(value.label),
                                format_value(value.value),
                                value.unit);
            before = " ";
        }
    }
    return line + '\n';
}

std::string render_nagios(const FinishedRun& run, NagiosState state) {
    std::vector<NagiosValue> values{{.label = "duration",
                                     .value = std::chrono::duration<double>(run.duration).count(),
                                     .unit = "s"}};
    // The runner puts its own in front of the job's, and these matter more.
    const auto& metrics = run.report.metrics;
    for (const bool of_the_runner : {false, true}) {
        for (const Metric& metric : metrics) {
            const bool about_the_run =
                metric.name.starts_with("run.") || metric.name.starts_with("store.");
            if (metric.labels.empty() && about_the_run == of_the_runner &&
                metric.name != "run.duration" && values.size() < most_values) {
                values.push_back(
                    {.label = metric.name, .value = metric.value, .unit = unit_of(metric)});
            }
        }
    }
    const std::string target = run.info.target.empty() ? "" : run.info.target + ": ";
    const std::string text = run.report.summary.empty()
                                 ? std::string(describe(run.exit_code).meaning)
                                 : run.report.summary;
    return format_nagios_line(run.info.job, state, target + text, values);
}

}  // namespace caretaker
