// SPDX-License-Identifier: Apache-2.0
// Secrets: values that may stand in a setting, and had better stand in a file of their own.
#pragma once

#include "common/config/settings.hpp"

#include <optional>
#include <string>

namespace caretaker {

struct ValueFile {
    std::string text{};
    std::string error{};  // empty: it was read
};

/// The value that a file holds, without the line break at its end. At most 64 KiB; more, an empty
/// file, a NUL byte and whatever cannot be read are errors.
ValueFile read_value_file(const std::string& path);

/// The secret called `path` ("targets.prod.elasticsearch.password"): that setting's value, or what
/// the file named by `path`_file holds; nothing when neither is set. Throws UsageError when both
/// are and when the file cannot be used; no message holds the secret.
std::optional<std::string> read_secret(const Settings& settings, const std::string& path);

}  // namespace caretaker
