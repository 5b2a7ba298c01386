// SPDX-License-Identifier: Apache-2.0
#include "common/base/input_lines.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t piece = 64 * 1024;

}  // namespace

InputLines::InputLines(InputSource source, std::size_t longest_line, std::string name)
    : source_(std::move(source)),
      longest_line_(longest_line),
      name_(std::move(name)),
      ended_(!source_) {}

std::optional<std::string_view> InputLines::next() {
    std::size_t searched = begin_;
    while (true) {
        const std::size_t end = buffer_.find('\n', searched);
        if (end != std::string::npos) {
            ++number_;
            const std::size_t begin = std::exchange(begin_, end + 1);
            return std::string_view(buffer_).substr(begin, end - begin);
        }
        const std::size_t held = buffer_.size() - begin_;
        if (held > longest_line_) {
            throw Error(ExitCode::usage,
                        "input_line",
                        fmt::format("{}, line {}: longer than {} bytes; is it text "
                                    "with one document a line?",
                                    name_,
                                    number_ + 1,
                                    longest_line_));
        }
        if (!read_more()) {
            break;
        }
        searched = begin_ + held;  // read_more() moves what is held
    }
    if (begin_ == buffer_.size()) {
        return std::nullopt;
    }
    ++number_;
    return std::string_view(buffer_).substr(std::exchange(begin_, buffer_.size()));
}

bool InputLines::read_more() {
    if (ended_) {
        return false;
    }
    buffer_.erase(0, std::exchange(begin_, 0));
    const std::size_t held = buffer_.size();
    buffer_.resize(held + piece);
    const std::size_t length = source_({buffer_.data() + held, piece});
    buffer_.resize(held + length);
    ended_ = length == 0;
    return !ended_;
}

}  // namespace caretaker
