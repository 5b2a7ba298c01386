// SPDX-License-Identifier: Apache-2.0
#include "common/store/sample_writer.hpp"

#include "common/store/label_text.hpp"
#include "common/store/time_columns.hpp"

namespace caretaker {

namespace {

constexpr std::chrono::seconds resolution{60};

}  // namespace

SampleWriter::SampleWriter(Database& database, std::string_view target, WallTime at)
    : database_(database),
      target_(target),
      bucket_(to_milliseconds(std::chrono::floor<std::chrono::minutes>(at))),
      find_series_(
          database.prepare("SELECT id FROM series WHERE name = ? AND target = ? AND labels = ?")),
      add_series_(database.prepare("INSERT INTO series(name, target, labels) VALUES(?, ?, ?)")),
      add_sample_(database.prepare(
          "INSERT INTO samples(series_id, res, bucket, n, vmin, vmax, vsum, vlast) "
          "VALUES(?1, ?2, ?3, 1, ?4, ?4, ?4, ?4) "
          "ON CONFLICT(series_id, res, bucket) DO UPDATE SET n = n + 1, vmin = min(vmin, ?4), "
          "vmax = max(vmax, ?4), vsum = vsum + ?4, vlast = ?4")) {}

void SampleWriter::add(std::string_view series, std::span<const Label> labels, double value) {
    const std::int64_t id = find_or_create_series(series, format_labels(labels));
    add_sample_.with(id, std::int64_t{resolution.count()}, bucket_, value).run();
}

std::int64_t SampleWriter::find_or_create_series(std::string_view series,
                                                 const std::string& labels) {
    find_series_.with(series, target_, labels);
    if (find_series_.step()) {
        const std::int64_t id = find_series_.integer(0);
        find_series_.reset();
        return id;
    }
    find_series_.reset();
    add_series_.with(series, target_, labels).run();
    return database_.last_insert_id();
}

}  // namespace caretaker
