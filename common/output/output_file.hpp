// SPDX-License-Identifier: Apache-2.0
// Writing a document to a file so that a reader sees the old one or the new one, never a part.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// Where nothing or a regular file stands at `path`: writes beside it, syncs, and renames; the new
/// file has mode 0644 whatever the umask. A symbolic link is followed, and its target replaced. A
/// device, pipe or socket is written directly. Throws Error (exit 1) that names the file.
void write_output_file(const std::string& path, std::string_view text);

}  // namespace caretaker
