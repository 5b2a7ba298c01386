// SPDX-License-Identifier: Apache-2.0
// Where a job says how far it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace caretaker {

/// For one thread, and cheap enough to be told of each item.
class Progress {
 public:
    virtual ~Progress() = default;

    /// The next stage of the work begins: what is done ("reading committed offsets"), what is
    /// counted ("groups"), and how many of them there are; unset when that is not known.
    virtual void begin(std::string_view doing,
                       std::string_view unit = {},
                       std::optional<std::int64_t> total = {}) = 0;

    /// So many of the stage's items are through.
    virtual void update(std::int64_t done) = 0;
};

/// Takes it and shows nothing.
class NoProgress final : public Progress {
 public:
    void begin(std::string_view /*doing*/,
               std::string_view /*unit*/,
               std::optional<std::int64_t> /*total*/) override {}

    void update(std::int64_t /*done*/) override {}

    /// One for all who need none.
    static NoProgress& instance();
};

}  // namespace caretaker
