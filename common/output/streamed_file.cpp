// SPDX-License-Identifier: Apache-2.0
#include "common/output/streamed_file.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace caretaker {

namespace {

/// Not for everybody: what runs did is nobody else's business.
constexpr mode_t file_mode = 0640;

std::string resolve(const std::string& path) {
    std::error_code unknown;
    const auto place = std::filesystem::weakly_canonical(path, unknown);
    return unknown ? path : place.string();
}

std::string directory_of(const std::string& place) {
    const auto parent = std::filesystem::path(place).parent_path();
    return parent.empty() ? std::string(".") : parent.string();
}

}  // namespace

StreamedFile::StreamedFile(std::string path) : path_(std::move(path)), place_(resolve(path_)) {
    struct stat status {};

    const bool exists = ::stat(place_.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        fail(EISDIR);
    }
    is_direct_ = exists && !S_ISREG(status.st_mode);
    file_ =
        is_direct_
            ? Fd(::open(place_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY))
            : Fd(::open(directory_of(place_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, file_mode));
    if (!file_) {
        fail(errno);
    }
}

void StreamedFile::write(std::string_view piece) {
    while (!piece.empty()) {
        const auto written = ::write(file_.get(), piece.data(), piece.size());
        if (written >= 0) {
            piece.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            fail(errno);
        }
    }
}

void StreamedFile::publish() {
    if (is_direct_) {
        return;
    }
    if (::fsync(file_.get()) != 0) {
        fail(errno);
    }
    give_name();
}

/// Links cannot replace a file, renames can.
void StreamedFile::give_name() const {
    const std::string self = fmt::format("/proc/self/fd/{}", file_.get());
    const auto link_to = [&](const std::string& name) {
        return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW);
    };
    if (link_to(place_) == 0) {
        return;
    }
    if (errno != EEXIST) {
        fail(errno);
    }
    const std::string beside = fmt::format("{}.{}", place_, ::getpid());
    ::unlink(beside.c_str());  // of a process that had this number and was killed right here
    if (link_to(beside) != 0) {
        fail(errno);
    }
    if (::rename(beside.c_str(), place_.c_str()) != 0) {
        const int error = errno;
        ::unlink(beside.c_str());
        fail(error);
    }
}

void StreamedFile::fail(int error) const {
    throw Error(ExitCode::failed,
                "output_file",
                fmt::format("writing {}: {}; name a place with room that may be written",
                            path_,
                            std::strerror(error)));
}

}  // namespace caretaker
