// SPDX-License-Identifier: Apache-2.0
// The actions of a run, planned or made: a list that stays small when there are hundreds of
// thousands.
#pragma once

#include "common/base/action.hpp"
#include "common/text/text_arena.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

/// Some 40 bytes a planned action beside its subject and identity, and 20 more once actions have
/// begun; words that come again and again, such as kinds, reasons and errors, are kept once.
class ActionList {
 public:
    ActionList() = default;
    ActionList(std::initializer_list<Action> actions);

    /// Keeps its texts in `texts`, where those may lie already that actions are about.
    explicit ActionList(std::shared_ptr<TextArena> texts) : texts_(std::move(texts)) {}

    void push_back(const Action& action);

    /// The same with another subject and identity than those of `action`. What lies in the list's
    /// arena, the identity directly behind the subject, is not copied.
    void push_back(const Action& action, std::string_view subject, std::string_view identity);

    [[nodiscard]] std::size_t size() const { return rows_.size(); }

    [[nodiscard]] bool empty() const { return rows_.empty(); }

    /// The action, put together anew at each call.
    [[nodiscard]] Action operator[](std::size_t index) const;

    // Parts of an action, without the cost of the whole. The views live as long as the list does
    // not grow.

    [[nodiscard]] std::string_view kind(std::size_t index) const;
    [[nodiscard]] std::string_view subject(std::size_t index) const;
    [[nodiscard]] std::string_view identity(std::size_t index) const;
    [[nodiscard]] std::string_view reason(std::size_t index) const;

    [[nodiscard]] ActionState state(std::size_t index) const { return rows_[index].state; }

    void set_state(std::size_t index, ActionState state) { rows_[index].state = state; }

    void set_started(std::size_t index, WallTime at);
    void set_ended(std::size_t index,
                   ActionState state,
                   WallTime at,
                   std::string_view error,
                   std::optional<std::int64_t> bytes);

    /// How many actions are in that state.
    [[nodiscard]] std::int64_t count(ActionState state) const;

    /// How many of them the brakes count.
    [[nodiscard]] std::int64_t count_destructive() const;

    /// The bytes of those that are done; nothing when none told any.
    [[nodiscard]] std::optional<std::int64_t> bytes_freed() const;

    class Iterator {
     public:
        using difference_type = std::ptrdiff_t;
        using value_type = Action;
        using reference = Action;
        using iterator_category = std::input_iterator_tag;

        Iterator() = default;

        Iterator(const ActionList* list, std::size_t index) : list_(list), index_(index) {}

        Action operator*() const { return (*list_)[index_]; }

        Iterator& operator++() {
            ++index_;
            return *this;
        }

        Iterator operator++(int) {
            Iterator before = *this;
            ++index_;
            return before;
        }

        friend bool operator==(const Iterator&, const Iterator&) = default;

     private:
        const ActionList* list_ = nullptr;
        std::size_t index_ = 0;
    };

    [[nodiscard]] Iterator begin() const { return {this, 0}; }

    [[nodiscard]] Iterator end() const { return {this, size()}; }

 private:
    using Word = std::uint32_t;  // its number in the pool; 0 is the empty one

    static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::min();

    struct Row {
        const char* text = nullptr;  // in texts_: the subject, then the identity
        std::int64_t bytes = none;
        std::uint32_t subject_size = 0;
        std::uint32_t identity_size = 0;
        Word kind = 0;
        Word reason = 0;
        ActionState state = ActionState::would;
        bool destructive = true;
    };

    /// What is known of an action once it has begun.
    struct Course {
        std::int64_t started_ms = 0;
        std::int64_t ended_ms = none;
        Word error = 0;
    };

    class WordPool;

    Word add_word(std::string_view text);
    [[nodiscard]] std::string_view word(Word number) const;
    [[nodiscard]] Course course(std::size_t index) const;
    Course& edit_course(std::size_t index);

    std::deque<Row> rows_{};  // a vector of as many would for a moment be there twice, as it grows
    std::deque<Course> courses_{};  // of the first actions; none of a plan
    // Copies share both: they only ever grow.
    std::shared_ptr<TextArena> texts_{};
    std::shared_ptr<WordPool> words_{};
};

}  // namespace caretaker
