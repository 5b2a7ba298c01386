// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/file_deletion.hpp"

#include "jobs/cleanup/file_writers.hpp"
#include "jobs/cleanup/files_plan.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace caretaker {

namespace {

/// `Element` is a TreeEntry or a TreeDirectory.
template <typename Element>
void book(Element& element, Result result, int error = 0) {
    element.result = result;
    element.error = static_cast<std::uint8_t>(error);
}

template <typename Element>
void book_error(Element& element, int error) {
    book(element, error == ENOENT ? Result::gone : Result::failed, error);
}

}  // namespace

bool FileDeletion::is_unchanged(const TreeEntry& entry, const FileFacts& facts) const {
    const TreeDirectory& directory = tree_.directories[entry.directory];
    if (facts.device != directory.device || facts.inode != entry.inode ||
        facts.type != entry.type || facts.mtime != entry.mtime || facts.size != entry.size) {
        return false;
    }
    // Removing another link of a file moves its ctime.
    if (facts.ctime != entry.ctime && !took_other_link(facts)) {
        return false;
    }
    return rule_.age_by != AgeBy::atime || facts.atime == entry.time;
}

bool FileDeletion::took_other_link(const FileFacts& facts) const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->unlinked.contains({facts.device, facts.inode});
}

Result FileDeletion::look_again(const TreeEntry& entry) {
    const ReachedDirectory directory = cursor_.go_to(entry.directory);
    if (directory.fd < 0) {
        return directory.why_not;
    }
    FileFacts facts;
    if (const int error = look_at(directory.fd, tree_.name_of(entry), facts); error != 0) {
        return error == ENOENT ? Result::gone : Result::failed;
    }
    return is_unchanged(entry, facts) ? Result::done : Result::changed;
}

bool FileDeletion::is_untouched(std::uint32_t directory) {
    const ReachedDirectory reached = cursor_.go_to(directory);
    FileFacts facts;
    if (reached.fd < 0) {
        return reached.why_not == Result::gone;
    }
    return look_at(reached.fd, "", facts) == 0 && facts.mtime == tree_.directories[directory].mtime;
}

void FileDeletion::delete_entry(TreeEntry& entry) {
    if (is_dropped(tree_.directories[entry.directory].root)) {
        book(entry, Result::changed);
        return;
    }
    const ReachedDirectory directory = cursor_.go_to(entry.directory);
    if (directory.fd < 0) {
        book(entry, directory.why_not, directory.error);
        return;
    }
    const char* const name = tree_.name_of(entry);
    if (entry.verdict == EntryVerdict::emptied) {
        empty(directory.fd, name, entry);
        return;
    }
    FileFacts facts;
    if (const int error = look_at(directory.fd, name, facts); error != 0) {
        book_error(entry, error);
        return;
    }
    if (!is_unchanged(entry, facts)) {
        book(entry, Result::changed);
        return;
    }
    // Known before it moves the ctime of the other links, which another thread may look at.
    if (entry.links > 1) {
        const std::lock_guard lock(shared_->mutex);
        shared_->unlinked.emplace(facts.device, facts.inode);
    }
    if (unlinkat(directory.fd, name, 0) != 0) {
        book_error(entry, errno);
        return;
    }
    book(entry, Result::done);
}

void FileDeletion::empty(int directory, const char* name, TreeEntry& entry) {
    const InodeId file(tree_.directories[entry.directory].device, entry.inode);
    const auto error = empty_file(directory, name, file, entry.size);
    if (!error) {
        book(entry, Result::changed);
    } else if (*error != 0) {
        book_error(entry, *error);
    } else {
        book(entry, Result::done);
    }
}

bool FileDeletion::is_locked(int parent, const char* name, const InodeId& id) {
    OpenedDirectory opened = opener_.open_child(parent, name);
    return opened.error == 0 && !held_.hold(id, std::move(opened.fd));
}

void FileDeletion::remove_directory(std::uint32_t index) {
    TreeDirectory& directory = tree_.directories[index];
    if (is_dropped(directory.root)) {
        book(directory, Result::changed);
        return;
    }
    const ReachedDirectory parent = cursor_.go_to(directory.parent);
    if (parent.fd < 0) {
        book(directory, parent.why_not, parent.error);
        return;
    }
    const char* const name = tree_.names.at(directory.name);
    FileFacts facts;
    if (const int error = look_at(parent.fd, name, facts); error != 0) {
        book_error(directory, error);
        return;
    }
    if (facts.device != directory.device || facts.inode != directory.inode ||
        facts.type != EntryType::directory || facts.mount_root) {
        book(directory, Result::changed);
        return;
    }
    if (is_locked(parent.fd, name, {facts.device, facts.inode})) {
        book(directory, Result::changed, EWOULDBLOCK);
        return;
    }
    if (unlinkat(parent.fd, name, AT_REMOVEDIR) != 0) {
        // Something came into it meanwhile, or stayed in it: it is not what was planned.
        if (errno == ENOTEMPTY || errno == EEXIST) {
            book(directory, Result::changed);
        } else {
            book_error(directory, errno);
        }
        return;
    }
    book(directory, Result::done);
}

}  // namespace caretaker
