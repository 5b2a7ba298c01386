// SPDX-License-Identifier: Apache-2.0
#include "common/output/output_file.hpp"

#include "common/base/error.hpp"
#include "common/base/fd.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

constexpr mode_t file_mode = 0644;

Error write_error(const std::string& path, int error) {
    return {ExitCode::failed,
            "output_file",
            fmt::format("writing {}: {}; name a place with room that may be written",
                        path,
                        std::strerror(error))};
}

/// 0, or the errno of the first failure.
int write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

/// Where the links end; a link to nothing ends at the name that it gives.
std::string resolve_links(const std::string& path) {
    fs::path place = path;
    constexpr int most_links = 40;  // as the kernel
    for (int i = 0; i < most_links; ++i) {
        std::error_code failure;
        const fs::path target = fs::read_symlink(place, failure);
        if (failure) {
            return place.string();
        }
        place = target.is_absolute() ? target : place.parent_path() / target;
    }
    throw write_error(path, ELOOP);
}

void write_directly(const std::string& path, std::string_view text) {
    const Fd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    const int error = file.get() < 0 ? errno : write_all(file.get(), text);
    if (error != 0) {
        throw write_error(path, error);
    }
}

/// Syncs the file before it takes the place of the old one: after a power cut there must not be an
/// empty file of the right name.
int fill(int fd, std::string_view text) {
    if (const int error = write_all(fd, text); error != 0) {
        return error;
    }
    return ::fchmod(fd, file_mode) == 0 && ::fsync(fd) == 0 ? 0 : errno;
}

void replace(const std::string& path, std::string_view text) {
    std::string beside = path + ".XXXXXX";
    const Fd file(::mkostemp(beside.data(), O_CLOEXEC));
    if (file.get() < 0) {
        throw write_error(path, errno);
    }
    int error = fill(file.get(), text);
    if (error == 0 && ::rename(beside.c_str(), path.c_str()) != 0) {
        error = errno;
    }
    if (error != 0) {
        ::unlink(beside.c_str());
        throw write_error(path, error);
    }
}

}  // namespace

void write_output_file(const std::string& path, std::string_view text) {
    const std::string place = resolve_links(path);

    struct stat status {};

    const bool exists = ::stat(place.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        throw write_error(path, EISDIR);
    }
    if (exists && !S_ISREG(status.st_mode)) {
        write_directly(place, text);
    } else {
        replace(place, text);
    }
}

}  // namespace caretaker
