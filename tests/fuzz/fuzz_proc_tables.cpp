// SPDX-License-Identifier: Apache-2.0
// Texts of /proc: mounts, mappings, descriptors, sockets.
#include "jobs/cleanup/file_writers.hpp"
#include "jobs/cleanup/live_sockets.hpp"
#include "jobs/cleanup/mount_table.hpp"
#include "jobs/cleanup/process_scan.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    std::string_view text = fuzz::as_text(data, size);
    const auto mounts = parse_mount_table(text);
    for (const Mount& mount : mounts) {
        fuzz::require(mount.point.starts_with('/'), "a mount point is absolute");
    }
    fuzz::require(mounts_below(mounts, "").size() == mounts.size(), "all are below the root");
    for (const std::string& path : parse_live_sockets(text)) {
        fuzz::require(path.starts_with('/'), "a socket's path is absolute");
    }
    while (!text.empty()) {
        const std::string_view line = fuzz::take_line(text);
        parse_mapping(line);
        is_writing_mapping(line);
        parse_open_flags(line);
    }
    return 0;
}
