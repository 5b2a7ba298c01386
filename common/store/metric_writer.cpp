// SPDX-License-Identifier: Apache-2.0
#include "common/store/metric_writer.hpp"

#include "common/store/label_text.hpp"

namespace caretaker {

MetricWriter::MetricWriter(Database& database, std::int64_t run, std::string_view job)
    : database_(database),
      run_(run),
      job_(job),
      find_name_(database.prepare("SELECT id FROM metric_names WHERE name = ?")),
      add_name_(database.prepare("INSERT INTO metric_names(name, kind, unit) VALUES(?, ?, ?)")),
      add_value_(database.prepare(
          "INSERT INTO run_metrics(run_id, metric_id, label, value) VALUES(?1, ?2, ?3, ?4) "
          "ON CONFLICT(run_id, metric_id, label) DO UPDATE SET value = ?4")) {}

void MetricWriter::add(const Metric& metric) {
    const std::int64_t id = find_or_create_name(metric);
    add_value_.with(run_, id, format_labels(metric.labels), metric.value).run();
}

std::int64_t MetricWriter::find_or_create_name(const Metric& metric) {
    if (const auto known = ids_.find(metric.name); known != ids_.end()) {
        return known->second;
    }
    const std::string name = job_ + "." + metric.name;
    std::int64_t id = 0;
    if (find_name_.with(name).step()) {
        id = find_name_.integer(0);
    } else {
        add_name_.with(name, to_string(metric.kind), metric.unit).run();
        id = database_.last_insert_id();
    }
    find_name_.reset();
    ids_.emplace(metric.name, id);
    return id;
}

}  // namespace caretaker
