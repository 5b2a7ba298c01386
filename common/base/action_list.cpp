// SPDX-License-Identifier: Apache-2.0
#include "common/base/action_list.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace caretaker {

class ActionList::WordPool {
 public:
    WordPool() { add({}); }

    Word add(std::string_view text) {
        if (const auto known = numbers_.find(text); known != numbers_.end()) {
            return known->second;
        }
        const auto number = static_cast<Word>(words_.size());
        numbers_.emplace(words_.emplace_back(text), number);
        return number;
    }

    [[nodiscard]] std::string_view get(Word number) const { return words_[number]; }

 private:
    std::deque<std::string> words_;  // a deque never moves what the keys look at
    std::unordered_map<std::string_view, Word> numbers_;
};

ActionList::ActionList(std::initializer_list<Action> actions) {
    for (const Action& action : actions) {
        push_back(action);
    }
}

void ActionList::push_back(const Action& action) {
    push_back(action, action.subject, action.identity);
}

void ActionList::push_back(const Action& action,
                           std::string_view subject,
                           std::string_view identity) {
    if (!texts_) {
        texts_ = std::make_shared<TextArena>();
    }
    const bool is_kept = texts_->holds(subject) &&
                         (identity.empty() || (texts_->holds(identity) &&
                                               identity.data() == subject.data() + subject.size()));
    const std::string_view text = is_kept ? subject : texts_->keep_pair(subject, identity);
    rows_.push_back({.text = text.data(),
                     .bytes = action.bytes.value_or(none),
                     .subject_size = static_cast<std::uint32_t>(subject.size()),
                     .identity_size = static_cast<std::uint32_t>(identity.size()),
                     .kind = add_word(action.kind),
                     .reason = add_word(action.reason),
                     .state = action.state,
                     .destructive = action.destructive});
    if (action.started_at != WallTime() || action.ended_at || !action.error.empty()) {
        Course& course = edit_course(rows_.size() - 1);
        course.started_ms = action.started_at.time_since_epoch().count();
        course.ended_ms = action.ended_at ? action.ended_at->time_since_epoch().count() : none;
        course.error = add_word(action.error);
    }
}

Action ActionList::operator[](std::size_t index) const {
    const Row& row = rows_[index];
    const Course begun = course(index);
    const auto time = [](std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); };
    return {.kind = std::string(word(row.kind)),
            .subject = std::string(subject(index)),
            .reason = std::string(word(row.reason)),
            .state = row.state,
            .bytes = row.bytes == none ? std::nullopt : std::optional(row.bytes),
            .error = std::string(word(begun.error)),
            .started_at = time(begun.started_ms),
            .ended_at = begun.ended_ms == none ? std::nullopt : std::optional(time(begun.ended_ms)),
            .identity = std::string(identity(index)),
            .destructive = row.destructive};
}

std::string_view ActionList::kind(std::size_t index) const {
    return word(rows_[index].kind);
}

std::string_view ActionList::subject(std::size_t index) const {
    return {rows_[index].text, rows_[index].subject_size};
}

std::string_view ActionList::identity(std::size_t index) const {
    const Row& row = rows_[index];
    return row.identity_size == 0
               ? std::string_view()
               : std::string_view(row.text + row.subject_size, row.identity_size);
}

std::string_view ActionList::reason(std::size_t index) const {
    return word(rows_[index].reason);
}

void ActionList::set_started(std::size_t index, WallTime at) {
    rows_[index].state = ActionState::started;
    edit_course(index).started_ms = at.time_since_epoch().count();
}

void ActionList::set_ended(std::size_t index,
                           ActionState state,
                           WallTime at,
                           std::string_view error,
                           std::optional<std::int64_t> bytes) {
    const Word error_word = add_word(error);
    Row& row = rows_[index];
    row.state = state;
    row.bytes = bytes.value_or(row.bytes);
    Course& course = edit_course(index);
    course.ended_ms = at.time_since_epoch().count();
    course.error = error_word;
}

ActionList::Course ActionList::course(std::size_t index) const {
    return index < courses_.size() ? courses_[index] : Course();
}

ActionList::Course& ActionList::edit_course(std::size_t index) {
    if (courses_.size() <= index) {
        courses_.resize(index + 1);
    }
    return courses_[index];
}

std::int64_t ActionList::count(ActionState state) const {
    return std::ranges::count(rows_, state, &Row::state);
}

std::int64_t ActionList::count_destructive() const {
    return std::ranges::count(rows_, true, &Row::destructive);
}

std::optional<std::int64_t> ActionList::bytes_freed() const {
    std::optional<std::int64_t> freed;
    for (const Row& row : rows_) {
        if (row.state == ActionState::done && row.bytes != none) {
            freed = freed.value_or(0) + row.bytes;
        }
    }
    return freed;
}

ActionList::Word ActionList::add_word(std::string_view text) {
    if (text.empty()) {
        return 0;
    }
    if (!words_) {
        words_ = std::make_shared<WordPool>();
    }
    return words_->add(text);
}

std::string_view ActionList::word(Word number) const {
    return number == 0 ? std::string_view{} : words_->get(number);
}

}  // namespace caretaker
