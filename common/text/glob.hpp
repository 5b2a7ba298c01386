// SPDX-License-Identifier: Apache-2.0
// Shell wildcards over bytes.
#pragma once

#include <string_view>

namespace caretaker {

/// Whether the whole `text` matches: `*` any bytes, `?` one byte, `[a-z]` one of a set, `[!x]` or
/// `[^x]` one not in it, and a backslash takes the meaning from the next byte. A `]` directly after
/// `[` or `[!` belongs to the set; a `[` that is never closed and a backslash at the end stand for
/// themselves. Neither `/` nor a leading dot is special. Takes time in proportion to pattern times
/// text at most, and no memory.
bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace caretaker
