// SPDX-License-Identifier: Apache-2.0
// A directory that lives as long as a test.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace caretaker {

/// A new, empty directory of mode 0700 below the system's one for temporary files, with whatever is
/// in it removed in the end.
class TempDir {
 public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    /// The path of `name` in it.
    [[nodiscard]] std::string file(std::string_view name) const;

 private:
    std::filesystem::path path_;
};

}  // namespace caretaker
