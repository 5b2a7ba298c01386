// SPDX-License-Identifier: Apache-2.0
// Small text files, read whole.
#pragma once

#include <cstddef>
#include <string>

namespace caretaker {

struct TextFile {
    std::string text{};
    bool readable_by_others = false;
    std::string error{};  // empty: it was read
};

/// Reads `path`, which may be a pipe; of a file longer than `most_bytes` a little more than those.
TextFile read_text_file(const std::string& path, std::size_t most_bytes);

}  // namespace caretaker
