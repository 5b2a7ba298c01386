// SPDX-License-Identifier: Apache-2.0
#include "common/store/outbox.hpp"

#include "common/store/database.hpp"
#include "common/store/time_columns.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();  // next_ms of parked ones
constexpr milliseconds first_pause{std::chrono::minutes(1)};
constexpr milliseconds longest_pause{std::chrono::hours(1)};

milliseconds pause_after(std::int64_t tries) {
    constexpr std::int64_t most_doublings = 6;
    return std::min(longest_pause,
                    first_pause * (std::int64_t{1} << std::min(tries, most_doublings)));
}

}  // namespace

void insert_documents(Database& database, std::span<const OutboxDocument> documents, WallTime now) {
    Statement insert = database.prepare(
        "INSERT INTO outbox(dest, doc_id, body, created_ms, next_ms) VALUES(?1, ?2, ?3, ?4, ?4) "
        "ON CONFLICT(dest, doc_id) DO UPDATE SET body = excluded.body, tries = 0, "
        "next_ms = excluded.next_ms");
    for (const OutboxDocument& document : documents) {
        insert.with(document.dest, document.id, document.body, to_milliseconds(now)).run();
    }
}

std::vector<WaitingDocument> Outbox::find_due(WallTime now, OutboxBatch batch) const {
    Statement find = database_.prepare(
        "SELECT id, tries, dest, doc_id, body FROM outbox WHERE next_ms <= ? ORDER BY id LIMIT ?");
    find.with(to_milliseconds(now), static_cast<std::int64_t>(batch.documents));
    std::vector<WaitingDocument> due;
    std::size_t bytes = 0;
    while (find.step()) {
        WaitingDocument one{
            .row = find.integer(0),
            .tries = find.integer(1),
            .document = {.dest = find.text(2), .id = find.text(3), .body = find.text(4)}};
        bytes += one.document.body.size();
        if (bytes > batch.bytes && !due.empty()) {
            break;
        }
        due.push_back(std::move(one));
    }
    return due;
}

void Outbox::remove(std::span<const WaitingDocument> documents) {
    database_.write("taking sent documents out of the outbox", [&] {
        Statement take = database_.prepare("DELETE FROM outbox WHERE id = ?");
        for (const WaitingDocument& one : documents) {
            take.with(one.row).run();
        }
    });
}

void Outbox::postpone(std::span<const WaitingDocument> documents, WallTime now) {
    database_.write("keeping documents for later", [&] {
        Statement update =
            database_.prepare("UPDATE outbox SET tries = tries + 1, next_ms = ?2 WHERE id = ?1");
        for (const WaitingDocument& one : documents) {
            update.with(one.row, to_milliseconds(now + pause_after(one.tries))).run();
        }
    });
}

void Outbox::park(std::span<const WaitingDocument> documents) {
    database_.write("parking documents", [&] {
        Statement update =
            database_.prepare("UPDATE outbox SET tries = tries + 1, next_ms = ?2 WHERE id = ?1");
        for (const WaitingDocument& one : documents) {
            update.with(one.row, never).run();
        }
    });
}

Outbox::Counts Outbox::count() const {
    Statement find =
        database_.prepare("SELECT count(*), count(CASE WHEN next_ms = ? THEN 1 END) FROM outbox");
    find.with(never).step();
    const std::int64_t parked = find.integer(1);
    return {.waiting = find.integer(0) - parked, .parked = parked};
}

}  // namespace caretaker
