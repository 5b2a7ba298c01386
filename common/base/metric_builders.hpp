// SPDX-License-Identifier: Apache-2.0
// Metrics by their kind.
#pragma once

#include "common/base/report.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

inline Metric make_counter(std::string name, std::int64_t value, std::string unit = {}) {
    return {.name = std::move(name),
            .kind = MetricKind::counter,
            .value = static_cast<double>(value),
            .unit = std::move(unit)};
}

inline Metric make_gauge(std::string name, double value, std::string unit = {}) {
    return {.name = std::move(name), .value = value, .unit = std::move(unit)};
}

inline Metric make_timer(std::string name, std::chrono::milliseconds value) {
    return {.name = std::move(name),
            .kind = MetricKind::timer,
            .value = static_cast<double>(value.count()),
            .unit = "ms"};
}

}  // namespace caretaker
