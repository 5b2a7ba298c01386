// SPDX-License-Identifier: Apache-2.0
// What a job remembers from run to run about each thing it looks at, in a form of its own.
#pragma once

#include "common/base/clock.hpp"
#include "common/store/database.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Names one thing of a job and target.
struct MemoryKey {
    std::string_view kind{};  // what sort of thing: "window"
    std::string_view name{};  // the thing: a group
    std::string_view part{};  // a part of it: a topic; may be empty
};

struct MemoryEntry {
    std::string_view body{};  // any bytes; valid until the next call of the same JobMemory
    WallTime updated_at{};
};

/// The memory of one job and target. Throws StoreError.
class JobMemory {
 public:
    /// `database` outlives this.
    JobMemory(Database& database, std::string_view job, std::string_view target);

    [[nodiscard]] std::optional<MemoryEntry> find(const MemoryKey& key);

    /// Whether anything of a kind was saved since then.
    [[nodiscard]] bool knows_any(std::string_view kind, WallTime since) const;

    /// The things of a kind of which a part was saved since then, in the order of their bytes.
    [[nodiscard]] std::vector<std::string> names(std::string_view kind, WallTime since) const;

    /// The parts of a thing, in the order of their bytes.
    [[nodiscard]] std::vector<std::string> parts(std::string_view kind,
                                                 std::string_view name) const;

    /// Runs `body` in one transaction; what it saves is kept as a whole or not at all. When other
    /// writers are in the way `body` may run again.
    void write(const std::function<void()>& body);

    /// Within write(): sets the body of a thing, or replaces it.
    void save(const MemoryKey& key, std::string_view body, WallTime now);

    /// Within write(): drops a thing, if it is there.
    void forget(const MemoryKey& key);

 private:
    Database& database_;
    std::string job_;
    std::string target_;
    Statement find_;
    Statement save_;
};

}  // namespace caretaker
