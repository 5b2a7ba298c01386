// SPDX-License-Identifier: Apache-2.0
// The files of a directory with their bytes, to see that nothing touched them.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>

namespace caretaker {

inline std::string read_bytes(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

/// Name to size and hash of the contents. What readers of a WAL file make for themselves is left
/// out: the shared memory (-shm) and an empty -wal.
inline std::map<std::string, std::string> snapshot(const std::filesystem::path& directory) {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        const std::string name = entry.path().filename();
        if (!entry.is_regular_file() || name.ends_with("-shm")) {
            continue;
        }
        const std::string bytes = read_bytes(entry.path());
        if (!bytes.empty() || !name.ends_with("-wal")) {
            files[name] = std::to_string(bytes.size()) + " bytes, hash " +
                          std::to_string(std::hash<std::string>()(bytes));
        }
    }
    return files;
}

}  // namespace caretaker
