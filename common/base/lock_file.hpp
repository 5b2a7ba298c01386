// SPDX-License-Identifier: Apache-2.0
// The lock that keeps two runs of one job and target apart. It falls away with the process, however
// that ends.
#pragma once

#include "common/base/fd.hpp"
#include "common/base/lock_holder.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// <directory>/locks/<job>@<target>.<hash>.lock, the target in letters, digits, `_` and `-`, the
/// hash over both names as given.
std::filesystem::path lock_file_path(const std::filesystem::path& directory,
                                     std::string_view job,
                                     std::string_view target);

struct LockAttempt;

/// An exclusive flock(2), held while the object lives. The file stays behind: deleting it would let
/// two processes hold "the" lock.
class LockFile {
 private:
    friend LockAttempt take_lock(const std::filesystem::path& path, const LockHolder& holder);

    explicit LockFile(Fd file) : file_(std::move(file)) {}

    Fd file_;
};

/// Either the lock, or what its holder wrote about itself (empty while it is about to).
struct LockAttempt {
    std::optional<LockFile> lock{};
    std::string holder{};
};

/// Does not wait. Makes the file and its directory (one level) if they are missing.
/// Throws StoreError "lock" when the file cannot be made or locked.
LockAttempt take_lock(const std::filesystem::path& path, const LockHolder& holder);

}  // namespace caretaker
