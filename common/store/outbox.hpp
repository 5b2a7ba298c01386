// SPDX-License-Identifier: Apache-2.0
// Documents that are to leave for another place, and wait here until it has taken them.
#pragma once

#include "common/base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

class Database;

struct OutboxDocument {
    std::string dest{};  // where to, e.g. the name of an index
    std::string id{};    // at the destination: sent twice it is one document there
    std::string body{};
};

struct WaitingDocument {
    std::int64_t row = 0;
    std::int64_t tries = 0;
    OutboxDocument document{};
};

/// What is sent by one request.
struct OutboxBatch {
    std::size_t documents = 500;
    std::size_t bytes = 2U << 20U;  // of bodies; one document is always taken
};

/// Adds documents within the caller's transaction; those that wait already are replaced.
void insert_documents(Database& database, std::span<const OutboxDocument> documents, WallTime now);

/// The outbox of a store. Each change is one transaction. Throws StoreError.
class Outbox {
 public:
    /// `database` outlives this.
    explicit Outbox(Database& database) : database_(database) {}

    /// Those that are due, the oldest first.
    [[nodiscard]] std::vector<WaitingDocument> find_due(WallTime now, OutboxBatch batch = {}) const;

    /// They have arrived.
    void remove(std::span<const WaitingDocument> documents);

    /// They have not: the next try is in a minute, then in two, and so on up to an hour.
    void postpone(std::span<const WaitingDocument> documents, WallTime now);

    /// They are refused for what they are, and are not sent again; they go when they are old.
    void park(std::span<const WaitingDocument> documents);

    struct Counts {
        std::int64_t waiting = 0;
        std::int64_t parked = 0;
    };

    [[nodiscard]] Counts count() const;

 private:
    Database& database_;
};

}  // namespace caretaker
