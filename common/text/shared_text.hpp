// SPDX-License-Identifier: Apache-2.0
// Texts that stand in very many places and never change: a pointer each, and the bytes once.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace caretaker {

/// A text as large as a pointer. Copies look at the same bytes, which go with the last of them;
/// they are counted without atomics, so that copies belong into one thread.
class SharedText {
 public:
    SharedText() noexcept = default;
    SharedText(std::string_view text);  // NOLINT(google-explicit-constructor): stands in for a text

    SharedText(const std::string& text) : SharedText(std::string_view(text)) {}  // NOLINT: the same

    SharedText(const char* text) : SharedText(std::string_view(text)) {}  // NOLINT: the same

    SharedText(const SharedText& other) noexcept : bytes_(other.bytes_) { hold(); }

    SharedText(SharedText&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}

    SharedText& operator=(const SharedText& other) noexcept {
        SharedText(other).swap(*this);
        return *this;
    }

    SharedText& operator=(SharedText&& other) noexcept {
        SharedText(std::move(other)).swap(*this);
        return *this;
    }

    ~SharedText() { release(); }

    [[nodiscard]] std::string_view view() const;

    operator std::string_view() const { return view(); }  // NOLINT: a text like any other

    [[nodiscard]] bool empty() const { return bytes_ == nullptr; }

    void clear() { SharedText().swap(*this); }

    void swap(SharedText& other) noexcept { std::swap(bytes_, other.bytes_); }

    /// The same for copies, and for no other text while one of them lives; null for the empty text.
    [[nodiscard]] const void* identity() const { return bytes_; }

    friend bool operator==(const SharedText& a, const SharedText& b) {
        return a.bytes_ == b.bytes_ || a.view() == b.view();
    }

    friend std::strong_ordering operator<=>(const SharedText& a, const SharedText& b) {
        return a.view() <=> b.view();
    }

    /// With texts of other types, in either order.
    template <typename Text>
    requires std::convertible_to<const Text&, std::string_view>

    friend bool operator==(const SharedText& a, const Text& b) {
        return a.view() == std::string_view(b);
    }

    template <typename Text>
    requires std::convertible_to<const Text&, std::string_view>

    friend std::strong_ordering operator<=>(const SharedText& a, const Text& b) {
        return a.view() <=> std::string_view(b);
    }

 private:
    struct Bytes;

    void hold() const noexcept;
    void release() noexcept;

    Bytes* bytes_ = nullptr;  // null: empty
};

/// Finds equal texts, so that they are kept once.
class SharedTexts {
 public:
    /// Makes `text` a copy of an equal one that came before, if there was one.
    void share(SharedText& text) {
        if (!text.empty()) {
            text = *known_.insert(text).first;
        }
    }

 private:
    struct Hash {
        std::size_t operator()(const SharedText& text) const {
            return std::hash<std::string_view>{}(text.view());
        }
    };

    std::unordered_set<SharedText, Hash> known_{};
};

}  // namespace caretaker
