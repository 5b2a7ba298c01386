// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/unit_removal.hpp"

namespace caretaker {

const FileRule& UnitRemoval::any_rule() {
    static const FileRule rule;
    return rule;
}

RemovedUnit UnitRemoval::remove(const Unit& unit, const std::function<bool()>& stops) {
    for (std::size_t i = unit.entries_begin; i < unit.entries_end; ++i) {
        const Result found = deletion_.look_again(tree_.entries[i]);
        if (found == Result::changed || found == Result::failed) {
            return {.result = Result::changed, .first = tree_.path_of(tree_.entries[i])};
        }
    }
    for (std::uint32_t i = unit.directory; i < unit.directories_end; ++i) {
        if (!deletion_.is_untouched(i)) {
            return {.result = Result::changed, .first = tree_.path_of_directory(i)};
        }
    }
    RemovedUnit removed;
    const auto note = [&](Result result, int error, const std::string& path) {
        const bool worse = result == Result::failed || result == Result::changed;
        if (worse && removed.result != Result::failed && removed.result != Result::changed) {
            removed = {.result = result, .error = error, .first = path};
        }
        return !worse;
    };
    for (std::size_t i = unit.entries_begin; i < unit.entries_end; ++i) {
        TreeEntry& entry = tree_.entries[i];
        if (stops()) {
            note(Result::changed, 0, tree_.path_of(entry));
            return removed;
        }
        deletion_.delete_entry(entry);
        if (!note(entry.result, entry.error, tree_.path_of(entry))) {
            return removed;  // half a unit is enough
        }
    }
    for (std::uint32_t i = unit.directories_end; i-- > unit.directory;) {
        deletion_.remove_directory(i);
        const TreeDirectory& directory = tree_.directories[i];
        if (!note(directory.result, directory.error, tree_.path_of_directory(i))) {
            return removed;
        }
    }
    if (tree_.directories[unit.directory].result == Result::gone) {
        removed.result = Result::gone;
    }
    return removed;
}

}  // namespace caretaker
