// SPDX-License-Identifier: Apache-2.0
#include "common/config/text_file.hpp"

#include "common/base/fd.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace caretaker {

namespace {

std::string words_of(int error_number) {
    return std::generic_category().message(error_number);
}

}  // namespace

TextFile read_text_file(const std::string& path, std::size_t most_bytes) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));

    struct stat status {};

    if (!fd || ::fstat(fd.get(), &status) != 0) {
        return {.error = words_of(errno)};
    }
    TextFile result{.readable_by_others = (status.st_mode & S_IROTH) != 0};
    std::array<char, 64 * 1024> buffer{};
    while (result.text.size() <= most_bytes) {
        const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return {.error = words_of(errno)};
        }
        if (count == 0) {
            break;
        }
        result.text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return result;
}

}  // namespace caretaker
