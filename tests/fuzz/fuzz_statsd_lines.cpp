// SPDX-License-Identifier: Apache-2.0
// Any names and labels as StatsD lines of every dialect: no line that a server would misread.
#include "common/metrics/statsd_lines.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <algorithm>
#include <cstring>

namespace {

using namespace caretaker;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

void check_line(std::string_view line, StatsdDialect dialect) {
    const std::size_t type = line.find('|');
    fuzz::require(type != std::string_view::npos && type > 0, "a line has a type");
    const std::size_t colon = line.substr(0, type).rfind(':');
    fuzz::require(colon != std::string_view::npos && colon > 0, "a line has a name and a value");
    const std::string_view value = line.substr(colon + 1, type - colon - 1);
    fuzz::require(
        !value.empty() && value.find_first_not_of("-.0123456789") == std::string_view::npos,
        "a value is a plain number");
    const std::string_view front = line.substr(0, colon);
    constexpr std::string_view of_tags = ";,=#[]";
    fuzz::require(std::ranges::all_of(front,
                                      [&](char c) {
                                          return is_plain(c) ||
                                                 (dialect != StatsdDialect::none &&
                                                  of_tags.find(c) != std::string_view::npos);
                                      }),
                  "a name has no byte that servers treat specially");
    const auto bars = std::ranges::count(line, '|');
    fuzz::require(bars == (dialect == StatsdDialect::dogstatsd ? 2 : 1), "bars stand by form only");
}

void check_segment(std::string_view raw) {
    const std::string cleaned = clean_segment(raw);
    fuzz::require(!cleaned.empty() && cleaned.size() <= max_segment_length,
                  "a segment has a length");
    fuzz::require(clean_segment(cleaned) == cleaned, "cleaning twice changes nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text = fuzz::as_text(data, size);
    StatsdNaming naming{.prefix = std::string(fuzz::take_line(text)),
                        .job = "lag",
                        .target = std::string(fuzz::take_line(text))};
    std::vector<Metric> metrics;
    while (!text.empty()) {
        Metric metric{.name = std::string(fuzz::take_line(text))};
        const std::string_view key = fuzz::take_line(text);
        const std::string_view label = fuzz::take_line(text);
        if (const std::size_t bytes = std::min(text.size(), sizeof(metric.value)); bytes > 0) {
            std::memcpy(&metric.value, text.data(), bytes);
            text.remove_prefix(bytes);
        }
        metric.kind = static_cast<MetricKind>(metrics.size() % 3);
        metric.labels = {{std::string(key), std::string(label)}};
        check_segment(label);
        metrics.push_back(std::move(metric));
    }
    for (int dialect = 0; dialect < 6; ++dialect) {
        naming.dialect = static_cast<StatsdDialect>(dialect);
        const StatsdLines lines = format_statsd(metrics, naming, 100);
        fuzz::require(lines.lines.size() + lines.dropped <= metrics.size(), "no line from nothing");
        for (const std::string& entry : lines.lines) {
            std::string_view rest = entry;
            while (!rest.empty()) {
                check_line(fuzz::take_line(rest), naming.dialect);
            }
        }
        std::size_t packed = 0;
        const Datagrams datagrams = pack_datagrams(lines.lines, 512);
        for (const Datagram& datagram : datagrams.datagrams) {
            fuzz::require(datagram.payload.size() <= 512 && datagram.payload.ends_with('\n'),
                          "a datagram holds whole lines");
            packed += datagram.lines;
        }
        fuzz::require(packed + datagrams.dropped == lines.lines.size(), "no line goes astray");
    }
    return 0;
}
