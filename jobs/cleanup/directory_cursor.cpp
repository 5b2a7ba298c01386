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
        const TreeDirectory& next = tree_.directories[wanted_[i]];
        const char* const name = tree_.names.at(next.name);
        OpenedDirectory opened = way_.empty() ? opener_.open_absolute(name)
                                              : opener_.open_child(way_.back().fd.get(), name);
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
        way_.push_back({.directory = wanted_[i], .fd = std::move(opened.fd)});
    }
    return {.fd = way_.back().fd.get()};
}

}  // namespace caretaker
