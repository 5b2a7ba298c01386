// SPDX-License-Identifier: Apache-2.0
// Text that is handed on while it is made, so that a long document is never in memory whole.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

class TextOut {
 public:
    using Sink = std::function<void(std::string_view piece)>;

    /// Pieces of about 64 KiB go to `sink`, the last one from the destructor.
    explicit TextOut(Sink sink) : sink_(std::move(sink)) {}

    ~TextOut() { flush(); }

    TextOut(const TextOut&) = delete;
    TextOut& operator=(const TextOut&) = delete;

    void append(std::string_view text) {
        buffer_.append(text);
        is_empty_ = is_empty_ && text.empty();
        if (buffer_.size() >= piece_size) {
            flush();
        }
    }

    /// Whether nothing has been appended so far.
    [[nodiscard]] bool is_empty() const { return is_empty_; }

    void flush() {
        if (!buffer_.empty()) {
            sink_(buffer_);
            buffer_.clear();
        }
    }

 private:
    static constexpr std::size_t piece_size = 64 * 1024;

    Sink sink_;
    std::string buffer_;
    bool is_empty_ = true;
};

/// What `write` appends, as one text.
template <typename Write>
std::string collect_text(Write write) {
    std::string text;
    TextOut out([&text](std::string_view piece) { text.append(piece); });
    write(out);
    out.flush();
    return text;
}

}  // namespace caretaker
