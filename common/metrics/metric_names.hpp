// SPDX-License-Identifier: Apache-2.0
// The names that a run's metrics have on the wire: where prefix, job, target, host, labels and the
// metric's own name go. Pure.
#pragma once

#include "common/base/report.hpp"
#include "common/metrics/metric_name.hpp"
#include "common/metrics/statsd_dialect.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// What all names of a run share. Prefix and Metric::name are split at their dots; the others are
/// one segment each.
struct StatsdNaming {
    std::string prefix{"caretaker"};  // empty: none
    std::string job{};
    std::string target{};
    std::string host{};    // empty: no such segment or tag
    bool dry_run = false;  // "dry" before the metric's own name
    StatsdDialect dialect = StatsdDialect::none;
    bool histograms = false;  // timers as DogStatsD's histograms
};

/// Without tags: <prefix>.<job>.<target>[.<host>][.dry].<label key>.<label value>….<name>. With
/// tags: <prefix>.<job>[.dry].<name> and the tags target, [host,] and the labels in their order.
class MetricNames {
 public:
    /// Looks at all `metrics` first, to keep apart what cleaning would make equal.
    MetricNames(std::span<const Metric* const> metrics, StatsdNaming naming);

    /// The name of one of those metrics.
    [[nodiscard]] StatsdName name(const Metric& metric) const;

 private:
    struct Part {
        std::string_view scope{};  // the label's key for its value; else empty
        std::string_view raw{};
    };

    [[nodiscard]] std::vector<Part> name_parts(const Metric& metric) const;
    [[nodiscard]] std::vector<std::pair<Part, Part>> tag_parts(const Metric& metric) const;
    [[nodiscard]] std::string text(const Part& part) const;

    StatsdNaming naming_;
    SegmentNames names_;
};

}  // namespace caretaker
