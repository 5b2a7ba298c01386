// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/file_writers.hpp"

#include "common/base/fd.hpp"
#include "jobs/cleanup/directory.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

namespace caretaker {

namespace {

FileWriters of_descriptor(std::string_view process, std::string_view descriptor) {
    std::ifstream file(fmt::format("{}/{}/fdinfo/{}", proc_folder(), process, descriptor));
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto flags = parse_open_flags(text);
    if (!flags) {
        return FileWriters::unknown;  // closed meanwhile, perhaps; the next run will see
    }
    if ((*flags & O_PATH) != 0 || (*flags & O_ACCMODE) == O_RDONLY) {
        return FileWriters::none;
    }
    return (*flags & O_APPEND) != 0 ? FileWriters::append : FileWriters::others;
}

}  // namespace

FileWriters find_writers(InodeId file) {
    FileWriters found = FileWriters::none;
    const std::string self = std::to_string(getpid());
    const bool complete = scan_processes(
        [&](std::string_view process, std::string_view descriptor, InodeId one) {
            if (one == file && process != self) {
                found = std::max(found, of_descriptor(process, descriptor));
            }
        },
        [&](std::string_view line, InodeId one) {
            if (one == file && is_writing_mapping(line)) {
                found = std::max(found, FileWriters::others);
            }
        });
    return complete ? found : FileWriters::unknown;
}

std::optional<int> empty_file(int directory, const char* name, InodeId file, std::uint64_t size) {
    const auto is_planned = [&](int at, const char* path) {
        FileFacts facts;
        return look_at(at, path, facts) == 0 && facts.type == EntryType::file &&
               InodeId(facts.device, facts.inode) == file && facts.size >= size;
    };
    // Opening it could wake what waits at a pipe that was put there meanwhile.
    if (!is_planned(directory, name)) {
        return std::nullopt;
    }
    const Fd opened(openat(directory, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!opened) {
        return errno == ENOENT || errno == ELOOP ? std::nullopt : std::optional(errno);
    }
    if (!is_planned(opened.get(), "") || find_writers(file) != FileWriters::append) {
        return std::nullopt;
    }
    return ftruncate(opened.get(), 0) == 0 ? 0 : errno;
}

std::optional<int> parse_open_flags(std::string_view text) {
    constexpr std::string_view key = "flags:";
    constexpr int octal = 8;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        at = end + 1;
        if (!line.starts_with(key)) {
            continue;
        }
        line.remove_prefix(std::min(line.find_first_of("01234567"), line.size()));
        int flags = 0;
        const char* const last = line.data() + line.size();
        const auto [rest, failure] = std::from_chars(line.data(), last, flags, octal);
        return failure == std::errc{} && rest == last ? std::optional(flags) : std::nullopt;
    }
    return std::nullopt;
}

bool is_writing_mapping(std::string_view line) {
    const std::size_t blank = line.find(' ');
    const std::string_view rights =
        blank == std::string_view::npos ? "" : line.substr(blank + 1, 4);
    return rights.size() == 4 && rights[1] == 'w' && rights[3] == 's';
}

}  // namespace caretaker
