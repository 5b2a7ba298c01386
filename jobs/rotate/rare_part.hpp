// SPDX-License-Identifier: Apache-2.0
// A part that most things do not have, at the cost of a pointer.
#pragma once

#include <memory>
#include <utility>

namespace caretaker {

/// Reads as a Value made by default until it is set or edited; copies as a value does.
template <typename Value>
class RarePart {
 public:
    RarePart() = default;

    RarePart(Value value) : value_(std::make_unique<Value>(std::move(value))) {}

    RarePart(const RarePart& other)
        : value_(other.value_ ? std::make_unique<Value>(*other.value_) : nullptr) {}

    RarePart(RarePart&&) noexcept = default;

    RarePart& operator=(const RarePart& other) {
        *this = RarePart(other);
        return *this;
    }

    RarePart& operator=(RarePart&&) noexcept = default;
    ~RarePart() = default;

    const Value* operator->() const {
        static const Value nothing{};
        return value_ ? value_.get() : &nothing;
    }

    /// Whether it was set or edited; else an edit costs the whole part.
    [[nodiscard]] bool has_value() const { return value_ != nullptr; }

    Value& edit() {
        if (!value_) {
            value_ = std::make_unique<Value>();
        }
        return *value_;
    }

 private:
    std::unique_ptr<Value> value_{};
};

}  // namespace caretaker
