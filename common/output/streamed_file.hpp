// SPDX-License-Identifier: Apache-2.0
// A file that is written piece by piece and shows up when it is whole.
#pragma once

#include "common/base/fd.hpp"

#include <string>
#include <string_view>

namespace caretaker {

/// Where nothing or a regular file stands at `path`: the pieces go into a file without a name, so
/// that a process that is killed leaves nothing behind, and publish() gives it the name; the file
/// that had it until then is replaced. A symbolic link is followed. A device, pipe or socket is
/// written directly. Every function throws Error (exit 1) that names the file.
class StreamedFile {
 public:
    explicit StreamedFile(std::string path);

    void write(std::string_view piece);

    /// Once, after the last piece; on disk when it returns.
    void publish();

 private:
    [[noreturn]] void fail(int error) const;
    void give_name() const;

    std::string path_;
    std::string place_;  // where the links end
    bool is_direct_ = false;
    Fd file_{};
};

}  // namespace caretaker
