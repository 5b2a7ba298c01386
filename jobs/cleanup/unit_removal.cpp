// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/unit_removal.hpp"

#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <utility>

namespace caretaker {

const FileRule& UnitRemoval::any_rule() {
    static const FileRule rule;
    return rule;
}

std::optional<RemovedUnit> UnitRemoval::find_change(const Unit& unit) {
    for (std::size_t i = unit.entries_begin; i < unit.entries_end; ++i) {
        const Result found = deletion_.look_again(tree_.entries[i]);
        if (found == Result::changed || found == Result::failed) {
            return RemovedUnit{.result = Result::changed, .first = tree_.path_of(tree_.entries[i])};
        }
    }
    for (std::uint32_t i = unit.directory; i < unit.directories_end; ++i) {
        if (!deletion_.is_untouched(i)) {
            return RemovedUnit{.result = Result::changed, .first = tree_.path_of_directory(i)};
        }
    }
    return std::nullopt;
}

RemovedUnit UnitRemoval::remove(const Unit& unit, const std::function<bool()>& stops) {
    if (auto change = find_change(unit)) {
        return std::move(*change);
    }
    RemovedUnit removed = remove_contents(unit, stops);
    if (removed.result == Result::changed && removed.removed > 0) {
        removed.result = Result::failed;
    }
    if (removed.result == Result::failed) {
        put_times_back(unit);
    } else if (tree_.directories[unit.directory].result == Result::gone) {
        removed.result = Result::gone;
    }
    return removed;
}

RemovedUnit UnitRemoval::remove_contents(const Unit& unit, const std::function<bool()>& stops) {
    RemovedUnit removed;
    /// Whether it is away; half a unit is enough.
    const auto note = [&](Result result, int error, const std::string& path) {
        if (is_away(result)) {
            removed.removed += result == Result::done ? 1 : 0;
            return true;
        }
        removed.result = result;
        removed.error = error;
        removed.first = path;
        return false;
    };
    for (std::size_t i = unit.entries_begin; i < unit.entries_end; ++i) {
        TreeEntry& entry = tree_.entries[i];
        if (stops()) {
            note(Result::changed, 0, tree_.path_of(entry));
            return removed;
        }
        deletion_.delete_entry(entry);
        if (!note(entry.result, entry.error, tree_.path_of(entry))) {
            return removed;
        }
        if (entry.result == Result::done && entry.links <= 1) {
            removed.allocated += entry.allocated;
        }
    }
    for (std::uint32_t i = unit.directories_end; i-- > unit.directory;) {
        deletion_.remove_directory(i);
        const TreeDirectory& directory = tree_.directories[i];
        if (!note(directory.result, directory.error, tree_.path_of_directory(i))) {
            return removed;
        }
    }
    return removed;
}

/// What came into one meanwhile has a time of its own.
void UnitRemoval::put_times_back(const Unit& unit) {
    constexpr std::int64_t per_second = 1'000'000'000;
    for (std::uint32_t i = unit.directory; i < unit.directories_end; ++i) {
        const TreeDirectory& directory = tree_.directories[i];
        const ReachedDirectory reached = cursor_.go_to(i);
        if (reached.fd < 0 || is_away(directory.result)) {
            continue;
        }
        const std::int64_t below = ((directory.mtime % per_second) + per_second) % per_second;
        const std::array<timespec, 2> times{
            timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
            timespec{.tv_sec = (directory.mtime - below) / per_second, .tv_nsec = below}};
        futimens(reached.fd, times.data());  // where it is not allowed it is young for a while
    }
}

}  // namespace caretaker
