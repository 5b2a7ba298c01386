// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/docker_logs.hpp"

#include "jobs/cleanup/file_writers.hpp"
#include "jobs/cleanup/path_text.hpp"

#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// A file by the directory that it lies in.
struct FoundFile {
    Fd directory{};
    std::string name{};
    FileFacts facts{};
};

/// Nothing where it is not there, or no file.
std::optional<FoundFile> find_file(const std::string& path, DirectoryOpener& opener) {
    const std::size_t slash = path.rfind('/');
    if (!path.starts_with('/') || slash + 1 == path.size()) {
        return std::nullopt;
    }
    FoundFile found{.name = path.substr(slash + 1)};
    OpenedDirectory directory = opener.open_absolute(slash == 0 ? "/" : path.substr(0, slash));
    if (directory.error != 0 || look_at(directory.fd.get(), found.name.c_str(), found.facts) != 0 ||
        found.facts.type != EntryType::file) {
        return std::nullopt;
    }
    found.directory = std::move(directory.fd);
    return found;
}

InodeId id_of(const FileFacts& facts) {
    return {facts.device, facts.inode};
}

}  // namespace

std::vector<ContainerLog> look_at_logs(const std::vector<DockerContainer>& containers,
                                       std::uint64_t over,
                                       DirectoryOpener& opener) {
    std::vector<ContainerLog> logs;
    for (const DockerContainer& container : containers) {
        if (container.state != "running" || container.log_path.empty()) {
            continue;
        }
        if (const auto file = find_file(container.log_path, opener)) {
            logs.push_back({.container = container.name,
                            .path = container.log_path,
                            .size = file->facts.size,
                            .allocated = file->facts.allocated,
                            .is_limited = container.log_is_limited,
                            .all_append = file->facts.size > over &&
                                          find_writers(id_of(file->facts)) == FileWriters::append});
        }
    }
    return logs;
}

std::optional<int> empty_log(const std::string& path, std::uint64_t over, DirectoryOpener& opener) {
    const auto file = find_file(path, opener);
    if (!file) {
        return std::nullopt;
    }
    return empty_file(file->directory.get(), file->name.c_str(), id_of(file->facts), over + 1);
}

}  // namespace caretaker
