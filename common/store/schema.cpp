// SPDX-License-Identifier: Apache-2.0
#include "common/store/schema.hpp"

#include <array>

namespace caretaker {

namespace {

// 1129597778 is "CTKR" (application_id_of_store).
constexpr std::string_view version_1 = R"sql(
PRAGMA application_id = 1129597778;

CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE runs(
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,                -- UUIDv7
  job TEXT NOT NULL, target TEXT NOT NULL DEFAULT '',
  started_ms INTEGER NOT NULL, ended_ms INTEGER, duration_ms INTEGER,
  outcome TEXT NOT NULL DEFAULT 'running' CHECK(outcome IN
    ('running','ok','partial','findings','failed','skipped','interrupted','timeout','braked','lost')),
  exit_code INTEGER, dry_run INTEGER NOT NULL DEFAULT 0,
  trigger TEXT NOT NULL,                   -- chronos | jenkins | cron | manual
  trigger_ref TEXT,                        -- Mesos task id or build URL
  attempt INTEGER NOT NULL DEFAULT 0, parent_uid TEXT, queue_delay_ms INTEGER,
  host TEXT NOT NULL, boot_id TEXT NOT NULL, version TEXT NOT NULL,
  argv TEXT NOT NULL,                      -- redacted
  config_hash TEXT NOT NULL,
  summary TEXT, error_code TEXT, error TEXT,
  items_seen INTEGER NOT NULL DEFAULT 0, items_failed INTEGER NOT NULL DEFAULT 0,
  findings_total INTEGER NOT NULL DEFAULT 0, findings_new INTEGER NOT NULL DEFAULT 0,
  findings_resolved INTEGER NOT NULL DEFAULT 0,
  actions_done INTEGER NOT NULL DEFAULT 0, actions_failed INTEGER NOT NULL DEFAULT 0,
  actions_would INTEGER NOT NULL DEFAULT 0, bytes_freed INTEGER NOT NULL DEFAULT 0,
  metrics_sent INTEGER NOT NULL DEFAULT 0, metrics_dropped INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX runs_job_time ON runs(job, target, started_ms DESC);
CREATE INDEX runs_time ON runs(started_ms);
CREATE INDEX runs_open ON runs(id) WHERE outcome = 'running';
CREATE INDEX runs_bad  ON runs(started_ms) WHERE outcome NOT IN ('ok','skipped','running');

CREATE TABLE job_status(                   -- one row per job and target, kept by the closing transaction
  job TEXT NOT NULL, target TEXT NOT NULL,
  last_run INTEGER, last_outcome TEXT, last_ended_ms INTEGER,
  last_ok_run INTEGER, last_ok_ms INTEGER,
  bad_streak INTEGER NOT NULL DEFAULT 0, skip_streak INTEGER NOT NULL DEFAULT 0,
  expected_every_s INTEGER, median_ms INTEGER,
  PRIMARY KEY(job, target)) STRICT, WITHOUT ROWID;

CREATE TABLE metric_names(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK(kind IN ('counter','gauge','timer')), unit TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE run_metrics(
  run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  metric_id INTEGER NOT NULL, label TEXT NOT NULL DEFAULT '', value REAL NOT NULL,
  PRIMARY KEY(run_id, metric_id, label)) STRICT, WITHOUT ROWID;
CREATE INDEX run_metrics_by_name ON run_metrics(metric_id, label, run_id);

CREATE TABLE findings(                     -- current and past state of each distinct finding
  id INTEGER PRIMARY KEY, job TEXT NOT NULL, target TEXT NOT NULL, fingerprint TEXT NOT NULL,
  code TEXT NOT NULL, severity INTEGER NOT NULL,           -- 1 info 2 low 3 warn 4 high 5 critical
  subject TEXT NOT NULL, message TEXT NOT NULL, data TEXT,
  first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL,
  first_run INTEGER NOT NULL, last_run INTEGER NOT NULL, times_seen INTEGER NOT NULL DEFAULT 1,
  resolved_ms INTEGER, acked_until_ms INTEGER, ack_note TEXT,
  UNIQUE(job, target, fingerprint)) STRICT;
CREATE INDEX findings_open ON findings(severity DESC, last_seen_ms DESC) WHERE resolved_ms IS NULL;

CREATE TABLE actions(
  id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('would','started','done','failed','skipped','unknown')),
  started_ms INTEGER NOT NULL, ended_ms INTEGER, bytes INTEGER,
  reason TEXT NOT NULL, error TEXT, detail TEXT, UNIQUE(run_id, seq)) STRICT;
CREATE INDEX actions_subject ON actions(subject, started_ms DESC);

CREATE TABLE state(job TEXT NOT NULL, target TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  updated_ms INTEGER NOT NULL, run_id INTEGER NOT NULL, PRIMARY KEY(job, target, key)) STRICT, WITHOUT ROWID;

CREATE TABLE series(id INTEGER PRIMARY KEY, name TEXT NOT NULL, target TEXT NOT NULL,
  labels TEXT NOT NULL, UNIQUE(name, target, labels)) STRICT;
CREATE TABLE samples(series_id INTEGER NOT NULL, res INTEGER NOT NULL, bucket INTEGER NOT NULL,
  n INTEGER NOT NULL, vmin REAL NOT NULL, vmax REAL NOT NULL, vsum REAL NOT NULL, vlast REAL NOT NULL,
  PRIMARY KEY(series_id, res, bucket)) STRICT, WITHOUT ROWID;
CREATE INDEX samples_age ON samples(res, bucket);

CREATE TABLE snapshots(job TEXT NOT NULL, target TEXT NOT NULL, taken_ms INTEGER NOT NULL,
  run_id INTEGER NOT NULL, codec TEXT NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY(job, target, taken_ms)) STRICT;

CREATE TABLE events(id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, kind TEXT NOT NULL,  -- deploy, note, hold
  subject TEXT NOT NULL, ref TEXT, data TEXT) STRICT;
CREATE INDEX events_time ON events(at_ms);
CREATE TABLE holds(scope TEXT PRIMARY KEY, until_ms INTEGER NOT NULL, reason TEXT NOT NULL,
  by TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;

CREATE TABLE outbox(id INTEGER PRIMARY KEY, dest TEXT NOT NULL, doc_id TEXT NOT NULL, body TEXT NOT NULL,
  created_ms INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL,
  UNIQUE(dest, doc_id)) STRICT;
CREATE INDEX outbox_due ON outbox(dest, next_ms);

INSERT INTO meta(key, value) VALUES('min_reader', '1');
)sql";

// So that looking for actions whose end is not known never walks through all of them.
constexpr std::string_view version_2 = R"sql(
CREATE INDEX actions_unsettled ON actions(run_id) WHERE state IN ('started','unknown');
)sql";

// What jobs remember from run to run, in forms of their own (job_memory.hpp).
constexpr std::string_view version_3 = R"sql(
CREATE TABLE memory(job TEXT NOT NULL, target TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  part TEXT NOT NULL, updated_ms INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY(job, target, kind, name, part)) STRICT;
)sql";

// When the row came from another store; NULL for the runs of this one.
constexpr std::string_view version_4 = R"sql(
ALTER TABLE runs ADD COLUMN imported_ms INTEGER;
)sql";

// No question needs it, and each run had to write into as many of its pages as it has metrics.
constexpr std::string_view version_5 = R"sql(
DROP INDEX run_metrics_by_name;
)sql";

constexpr std::array steps{Migration{1, version_1},
                           Migration{2, version_2},
                           Migration{3, version_3},
                           Migration{4, version_4},
                           Migration{5, version_5}};

}  // namespace

std::span<const Migration> schema_steps() {
    return steps;
}

}  // namespace caretaker
