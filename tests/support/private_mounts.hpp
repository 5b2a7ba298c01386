// SPDX-License-Identifier: Apache-2.0
// Mounts that only the test process and its children see, gone with them.
#pragma once

#include <string>
#include <vector>

namespace caretaker::testing {

class PrivateMounts {
 public:
    /// Moves the process into a mount namespace of its own. Without the right to, problem() says
    /// so.
    PrivateMounts();

    /// Takes away what was mounted.
    ~PrivateMounts();

    PrivateMounts(const PrivateMounts&) = delete;
    PrivateMounts& operator=(const PrivateMounts&) = delete;

    [[nodiscard]] const std::string& problem() const { return problem_; }

    // Each returns why it did not work, or nothing.

    std::string bind(const std::string& from, const std::string& to);
    std::string remount_read_only(const std::string& at);
    std::string tmpfs(const std::string& at, const std::string& options);
    std::string overlay(const std::string& lower,
                        const std::string& upper,
                        const std::string& work,
                        const std::string& at);

    /// Makes a file system of that type ("ext4", "xfs") in a file and mounts it by a loop device.
    /// `options`: further ones of mkfs.
    std::string loop(const std::string& type,
                     const std::string& file,
                     const std::string& at,
                     const std::vector<std::string>& options = {});

 private:
    std::string add(const std::string& from,
                    const std::string& at,
                    const char* type,
                    unsigned long flags,
                    const std::string& options);

    std::string problem_{};
    std::vector<std::string> points_{};  // oldest first
};

}  // namespace caretaker::testing

/// Ends the test because of `problem`, unless that is empty: as skipped, loudly, or as failed where
/// CARETAKER_REQUIRE_ENGINES is 1.
#define CARETAKER_NEEDS(problem)                                                   \
    do {                                                                           \
        if (const std::string why_not = (problem); !why_not.empty()) {             \
            const char* const required = std::getenv("CARETAKER_REQUIRE_ENGINES"); \
            if (required != nullptr && std::string(required) == "1") {             \
                FAIL() << why_not;                                                 \
            }                                                                      \
            GTEST_SKIP() << "REAL FILE SYSTEMS NOT TESTED: " << why_not;           \
        }                                                                          \
    } while (false)
