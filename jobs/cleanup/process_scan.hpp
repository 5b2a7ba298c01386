// SPDX-License-Identifier: Apache-2.0
// What all processes of this host have open and mapped, read from /proc.
#pragma once

#include "jobs/cleanup/inode_id.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// "/proc"; in debug builds CARETAKER_TEST_PROC, a folder like it that shows all that there is.
std::string proc_folder();

/// All that it shows, as decimal text.
std::vector<std::string> list_processes();

/// What a file of /proc/PID says; empty where it cannot be read.
std::string read_process_file(std::string_view process, std::string_view name);

/// "pid 4711 (java)"
std::string describe_process(std::string_view process);

/// Calls `on_descriptor` for each descriptor of each process (both as decimal text) and
/// `on_mapping` for each line of /proc/PID/maps that is about a file. False where not everything
/// can be seen, because this is another PID namespace or something is denied.
bool scan_processes(
    const std::function<void(std::string_view process, std::string_view descriptor, InodeId file)>&
        on_descriptor,
    const std::function<void(std::string_view line, InodeId file)>& on_mapping);

/// The file of a line of /proc/PID/maps; nothing for mappings of no file.
std::optional<InodeId> parse_mapping(std::string_view line);

}  // namespace caretaker
