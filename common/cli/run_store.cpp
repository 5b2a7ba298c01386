// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_store.hpp"

#include "common/base/log.hpp"
#include "common/base/run_info.hpp"
#include "common/config/settings.hpp"
#include "common/store/store.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace caretaker {

namespace {

constexpr const char* system_directory = "/var/lib/caretaker";

std::string variable(const EnvironmentMap& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

StoreOptions options_from(const Settings& settings,
                          const std::string& path,
                          const StopSignal& stop,
                          SyncOption sync = SyncOption::each_commit) {
    const std::string journal = settings.text("store.journal");
    return {
        .path = path,
        .journal = journal == "wal"        ? JournalOption::wal
                   : journal == "truncate" ? JournalOption::truncate
                                           : JournalOption::automatic,
        .sync = sync,
        .max_bytes = settings.bytes("store.max_bytes"),
        .max_rows_per_run = settings.integer("store.max_rows_per_run"),
        .stop = &stop,
    };
}

/// Tells a place that a typing error or a missing mount leads to from one where no run was yet: a
/// run makes the store's own directory, and no other.
void refuse_lost_place(const std::string& path) {
    const std::filesystem::path directory =
        std::filesystem::absolute(path).lexically_normal().parent_path();
    if (!std::filesystem::exists(directory) && !std::filesystem::exists(directory.parent_path())) {
        throw StoreError(fmt::format("looking for the store {}: {} does not exist, nor does the "
                                     "directory above it; check the path, and whether its disk is "
                                     "mounted",
                                     path,
                                     directory.string()),
                         "store_place");
    }
}

struct StorePlace {
    std::string path{};
    std::string origin{};
};

StorePlace choose_place(const Settings& settings, const EnvironmentMap& environment) {
    const Setting* configured = settings.find("store.path");
    if (configured != nullptr && !settings.text("store.path").empty()) {
        return {settings.text("store.path"), configured->origin};
    }
    if (::access(system_directory, W_OK) == 0) {
        return {std::string(system_directory) + "/caretaker.db",
                fmt::format("default: {} can be written", system_directory)};
    }
    constexpr std::string_view file = "/caretaker/caretaker.db";
    if (const std::string state = variable(environment, "XDG_STATE_HOME"); !state.empty()) {
        return {fmt::format("{}{}", state, file), "default: in XDG_STATE_HOME"};
    }
    if (const std::string home = variable(environment, "HOME"); !home.empty()) {
        return {fmt::format("{}/.local/state{}", home, file), "default: in HOME"};
    }
    return {std::string(no_store_path), "default: neither XDG_STATE_HOME nor HOME is set"};
}

}  // namespace

std::string choose_store_path(const Settings& settings, const EnvironmentMap& environment) {
    return choose_place(settings, environment).path;
}

std::string store_path_origin(const Settings& settings, const EnvironmentMap& environment) {
    return choose_place(settings, environment).origin;
}

StoreOptions store_options(const Settings& settings,
                           const EnvironmentMap& environment,
                           const StopSignal& stop) {
    return options_from(settings, choose_store_path(settings, environment), stop);
}

bool store_required(const Settings& settings, JobKind kind) {
    const std::string required = settings.text("store.required");
    return required == "always" || (required == "auto" && kind == JobKind::upkeep);
}

std::unique_ptr<Store> open_run_store(const Settings& settings,
                                      const EnvironmentMap& environment,
                                      const StopSignal& stop,
                                      SyncOption sync) {
    const std::string path = choose_store_path(settings, environment);
    if (path == no_store_path) {
        return nullptr;
    }
    if (settings.text("store.path").empty()) {
        // Only the user's own state directory is made in depth; a configured path has to have its
        // parent, lest a typing error builds a tree.
        std::error_code ignored;  // the store itself then says what is missing
        std::filesystem::create_directories(std::filesystem::path(path).parent_path().parent_path(),
                                            ignored);
    }
    return Store::open(options_from(settings, path, stop, sync));
}

std::unique_ptr<Store> open_inspect_store(const Settings& settings,
                                          const EnvironmentMap& environment,
                                          const StopSignal& stop) {
    const std::string path = choose_store_path(settings, environment);
    if (path == no_store_path) {
        return nullptr;
    }
    if (!settings.text("store.path").empty()) {
        refuse_lost_place(path);
    }
    StoreOptions options = options_from(settings, path, stop);
    options.read_only = true;
    return Store::open(options);
}

void warn_of_running(const Store& store, const RunInfo& run, Log& log) {
    for (const RunRow& row :
         store.runs({.job = run.job, .target = run.target, .outcome = "running", .limit = 10})) {
        if (!row.dry_run) {
            log.warning(fmt::format(
                "run {} is under way meanwhile on {}", short_run_id(row.uid), row.host));
        }
    }
}

std::optional<std::uint64_t> store_size(const std::string& path) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path, missing);
    if (missing) {
        return std::nullopt;
    }
    std::error_code no_journal;
    const auto journal = std::filesystem::file_size(path + "-wal", no_journal);
    return no_journal ? size : size + journal;
}

}  // namespace caretaker
