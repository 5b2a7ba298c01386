// SPDX-License-Identifier: Apache-2.0
// Who writes into a file that is open: only one that all writers append to can be emptied under
// them. A writer that keeps an offset of its own goes on behind it and leaves a hole.
#pragma once

#include "jobs/cleanup/process_scan.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace caretaker {

enum class FileWriters : std::uint8_t {
    none,    // it is at most read
    append,  // all of them, by O_APPEND
    others,  // one of them, or a mapping, writes elsewhere
    unknown,
};

/// Looks at all descriptors and mappings of all processes but this one.
FileWriters find_writers(InodeId file);

/// Empties the file `name` in `directory`, if it still is that one, is no smaller than `size` and
/// all its writers append. 0, an errno, or nothing: it is not what was planned.
std::optional<int> empty_file(int directory, const char* name, InodeId file, std::uint64_t size);

/// The flags of a descriptor in /proc/PID/fdinfo, as open(2) has them; nothing where none stand
/// there.
std::optional<int> parse_open_flags(std::string_view text);

/// Whether the mapping of that line of /proc/PID/maps writes into its file.
bool is_writing_mapping(std::string_view line);

}  // namespace caretaker
