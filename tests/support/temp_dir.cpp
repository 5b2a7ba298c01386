// SPDX-License-Identifier: Apache-2.0
#include "tests/support/temp_dir.hpp"

#include <stdlib.h>

#include <cerrno>
#include <system_error>

namespace caretaker {

TempDir::TempDir() {
    std::string name = std::filesystem::temp_directory_path() / "caretaker-test-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), "making the directory " + name);
    }
    path_ = name;
}

TempDir::~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::file(std::string_view name) const {
    return path_ / name;
}

}  // namespace caretaker
