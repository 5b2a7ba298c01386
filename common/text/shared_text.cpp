// SPDX-License-Identifier: Apache-2.0
#include "common/text/shared_text.hpp"

#include <algorithm>
#include <cstdint>
#include <new>

namespace caretaker {

/// The text follows in the same piece of memory.
struct SharedText::Bytes {
    std::uint32_t holders = 1;
    std::uint32_t size = 0;

    // One piece of memory in place of two is what this class is for.
    [[nodiscard]] char* text() {
        return reinterpret_cast<char*>(this + 1);  // NOLINT: bytes of the piece
    }
};

SharedText::SharedText(std::string_view text) {
    if (!text.empty()) {
        bytes_ = new (::operator new(sizeof(Bytes) + text.size()))
            Bytes{.size = static_cast<std::uint32_t>(text.size())};
        std::ranges::copy(text, bytes_->text());
    }
}

std::string_view SharedText::view() const {
    return bytes_ == nullptr ? std::string_view{} : std::string_view(bytes_->text(), bytes_->size);
}

void SharedText::hold() const noexcept {
    if (bytes_ != nullptr) {
        ++bytes_->holders;
    }
}

void SharedText::release() noexcept {
    if (bytes_ != nullptr && --bytes_->holders == 0) {
        ::operator delete(bytes_);
    }
}

}  // namespace caretaker
