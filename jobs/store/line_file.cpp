// SPDX-License-Identifier: Apache-2.0
#include "jobs/store/line_file.hpp"

#include "common/base/error.hpp"
#include "common/base/input_lines.hpp"
#include "common/base/stop_signal.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::size_t longest_line = std::size_t{16} << 20U;
constexpr std::size_t piece_size = std::size_t{64} << 10U;

[[noreturn]] void fail(const std::string& name, const std::string& why) {
    throw UsageError(fmt::format("reading {}: {}", name, why));
}

/// A file that goes with its descriptor.
Fd make_nameless_file() {
    std::error_code unknown;
    const std::filesystem::path directory = std::filesystem::temp_directory_path(unknown);
    Fd file(::open(
        (unknown ? "/tmp" : directory).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file) {
        throw Error(ExitCode::failed,
                    "temporary_file",
                    fmt::format("making a temporary file in {}: {}; set TMPDIR to a directory with "
                                "room, or import from a file",
                                directory.native(),
                                std::strerror(errno)));
    }
    return file;
}

void write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            throw Error(ExitCode::failed,
                        "temporary_file",
                        fmt::format("copying standard input to a temporary file: {}; set TMPDIR to "
                                    "a directory with room, or import from a file",
                                    std::strerror(errno)));
        }
        bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
}

/// Bytes of a file, 0 at its end.
InputSource read_from(const Fd& file, const std::string& name, const StopSignal& stop) {
    return [&file, &name, &stop](std::span<char> buffer) {
        while (true) {
            stop.check();
            const auto length = ::read(file.get(), buffer.data(), buffer.size());
            if (length >= 0) {
                return static_cast<std::size_t>(length);
            }
            if (errno != EINTR) {
                fail(name, std::strerror(errno));
            }
        }
    };
}

}  // namespace

LineFile::LineFile(const std::string& path,
                   const InputSource& standard_input,
                   const StopSignal& stop)
    : name_(path == "-" ? std::string("standard input") : path), stop_(stop) {
    if (path == "-") {
        copy(standard_input);
        return;
    }
    Fd opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!opened) {
        fail(name_, std::string(std::strerror(errno)) + "; name a file that this user may read");
    }

    struct stat status {};

    if (::fstat(opened.get(), &status) == 0 && S_ISDIR(status.st_mode)) {
        fail(name_, "is a directory; name a file");
    }
    if (S_ISREG(status.st_mode)) {
        file_ = std::move(opened);
    } else {
        copy(read_from(opened, name_, stop_));
    }
}

void LineFile::copy(const InputSource& from) {
    file_ = make_nameless_file();
    std::vector<char> buffer(piece_size);
    while (const std::size_t length = from ? from(buffer) : 0) {
        write_all(file_.get(), std::string_view(buffer.data(), length));
    }
}

void LineFile::read(
    const std::function<void(std::string_view line, std::int64_t number)>& take) const {
    if (::lseek(file_.get(), 0, SEEK_SET) != 0) {
        fail(name_, std::strerror(errno));
    }
    InputLines lines(read_from(file_, name_, stop_), longest_line, name_);
    while (const auto line = lines.next()) {
        take(*line, lines.number());
    }
}

}  // namespace caretaker
