// SPDX-License-Identifier: Apache-2.0
// The lines of a file or of standard input, as often as they are wanted.
#pragma once

#include "common/base/fd.hpp"
#include "common/base/input_source.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace caretaker {

class StopSignal;

class LineFile {
 public:
    /// Opens `path`; "-" is `standard_input`. What can be read once only, such as a pipe, is copied
    /// to a file without a name in the directory for temporary files. Throws UsageError when it
    /// cannot be read, Error when it cannot be copied, and Interrupted.
    LineFile(const std::string& path, const InputSource& standard_input, const StopSignal& stop);

    /// For messages: the path, or "standard input".
    [[nodiscard]] const std::string& name() const { return name_; }

    /// Hands over all lines from the first one, with their numbers from 1, without their line
    /// breaks. The views last as long as the call. Throws UsageError when the file cannot be read
    /// or a line has more than 16 MiB, and Interrupted.
    void read(const std::function<void(std::string_view line, std::int64_t number)>& take) const;

 private:
    void copy(const InputSource& from);

    std::string name_;
    const StopSignal& stop_;
    Fd file_{};
};

}  // namespace caretaker
