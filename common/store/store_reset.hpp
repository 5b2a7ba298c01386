// SPDX-License-Identifier: Apache-2.0
// Puts a store aside, so that the next run begins a new one.
#pragma once

#include "common/base/clock.hpp"
#include "common/store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

struct StoreFile {
    std::string path{};
    std::uint64_t bytes = 0;
};

struct StoreReset {
    std::string aside{};             // where the store lies now
    std::vector<StoreFile> files{};  // it and what belongs to it, under their new names
};

/// What put_store_aside() would move, under the present names; empty when there is no store. Throws
/// StoreError for a directory.
std::vector<StoreFile> find_store_files(const std::string& path);

/// Gives the file, and what SQLite keeps beside it, new names that end with `.corrupt-<UTC>`.
/// Nothing is deleted, and a kill at any instant leaves a whole store under the old name, the new
/// one, or both. Also for a damaged file and one of a newer version. Nothing when there is no
/// store. StoreError "store_busy" while a run is under way, "store_foreign" for another program's
/// database.
std::optional<StoreReset> put_store_aside(const StoreOptions& options, WallTime now);

}  // namespace caretaker
