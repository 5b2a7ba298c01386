// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/directory_cursor.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace caretaker {

namespace {

ReachedDirectory why_not_reached(int error) {
    if (error == ENOENT) {
        return {.why_not = Result::gone};
    }
    const bool exchanged = error == ENOTDIR || error == ELOOP || error == EXDEV;
    return {.why_not = exchanged ? Result::changed : Result::failed, .error = error};
}

}  // namespace

ReachedDirectory DirectoryCursor::go_elsewhere(std::uint32_t directory) {
    wanted_.clear();
    for (std::uint32_t at = directory; at != TreeDirectory::none;
         at = tree_.directories[at].parent) {
        wanted_.push_back(at);
    }
    std::ranges::reverse(wanted_);
    std::size_t common = 0;
    while (common < way_.size() && common < wanted_.size() &&
           way_[common].directory == wanted_[common]) {
        ++common;
    }
    way_.resize(common);
    for (std::size_t i = common; i < wanted_.size(); ++i) {
        if (const ReachedDirectory step = take_step(wanted_[i]); step.fd < 0) {
            return step;
        }
    }
    return {.fd = way_.back().open_as()};
}

ReachedDirectory DirectoryCursor::take_step(std::uint32_t directory) {
    const TreeDirectory& next = tree_.directories[directory];
    const char* const name = tree_.names.at(next.name);
    OpenedDirectory opened = way_.empty() ? opener_.open_absolute(name)
                                          : opener_.open_child(way_.back().open_as(), name);
    if (opened.error != 0) {
        return why_not_reached(opened.error);
    }
    FileFacts facts;
    if (const int error = look_at(opened.fd.get(), "", facts); error != 0) {
        return why_not_reached(error);
    }
    if (facts.device != next.device || facts.inode != next.inode) {
        return {.why_not = Result::changed};
    }
    Step step{.directory = directory};
    if (held_ == nullptr) {
        step.fd = std::move(opened.fd);
    } else if (auto held = held_->hold({facts.device, facts.inode}, std::move(opened.fd))) {
        step.held = std::move(*held);
    } else {
        return {.why_not = Result::changed, .error = EWOULDBLOCK};
    }
    way_.push_back(std::move(step));
    return {.fd = way_.back().open_as()};
}

}  // namespace caretaker
