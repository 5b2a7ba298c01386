// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/store_place.hpp"

#include "jobs/cleanup/directory.hpp"
#include "jobs/cleanup/path_text.hpp"

#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace caretaker {

namespace fs = std::filesystem;

StorePlace find_store_place(const std::string& path) {
    StorePlace place;
    const auto add_file = [&](const fs::path& file) {
        const std::string name = file.string();
        if (!name.empty() && std::ranges::find(place.files, name) == place.files.end()) {
            place.files.push_back(name);
        }
    };
    if (!path.starts_with('/')) {
        return place;
    }
    // What cannot be resolved is not there under another name.
    std::error_code failure;
    add_file(path);
    if (const fs::path directory = fs::canonical(directory_of(path), failure); !failure) {
        add_file(directory / fs::path(path).filename());
    }
    add_file(fs::canonical(path, failure));
    for (const std::string& file : place.files) {
        const std::string directory = directory_of(file);
        for (const std::string& held : {directory, directory + "/locks"}) {
            FileFacts facts;
            if (look_at(AT_FDCWD, held.c_str(), facts) == 0) {
                place.directories.emplace_back(facts.device, facts.inode);
            }
        }
        const std::string escaped = escape_pattern(directory);
        for (const std::string& own :
             {escape_pattern(file) + "*", escaped + "/runs.lock", escaped + "/locks"}) {
            if (auto pattern = PathPattern::parse(own).pattern) {
                place.own_files.push_back(std::move(*pattern));
            }
        }
    }
    return place;
}

}  // namespace caretaker
