// SPDX-License-Identifier: Apache-2.0
// The store of a run, chosen and opened by the settings.
#pragma once

#include "common/base/job.hpp"
#include "common/base/trigger.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace caretaker {

class Log;
class Settings;
class StopSignal;
class Store;
enum class SyncOption : std::uint8_t;
struct RunInfo;
struct StoreOptions;

/// store.path, or the first usable of /var/lib/caretaker and the user's state directory; "none"
/// when the settings say so.
std::string choose_store_path(const Settings& settings, const EnvironmentMap& environment);

/// Where that path comes from: the setting's origin, or what the usual places are derived from.
std::string store_path_origin(const Settings& settings, const EnvironmentMap& environment);

/// How the settings want the store opened.
StoreOptions store_options(const Settings& settings,
                           const EnvironmentMap& environment,
                           const StopSignal& stop);

/// Whether a run of this kind must not go on without its store.
bool store_required(const Settings& settings, JobKind kind);

/// For writing; null with "none". Throws StoreError.
std::unique_ptr<Store> open_run_store(const Settings& settings,
                                      const EnvironmentMap& environment,
                                      const StopSignal& stop,
                                      SyncOption sync);

/// For reading; null with "none" or when there is no store yet. Throws StoreError.
std::unique_ptr<Store> open_inspect_store(const Settings& settings,
                                          const EnvironmentMap& environment,
                                          const StopSignal& stop);

/// Logs which real runs of the job and target are under way; for a dry run, which takes no lock
/// lest a real one finds it taken.
void warn_of_running(const Store& store, const RunInfo& run, Log& log);

/// Bytes of the store's file and its journal; none when there is no such file.
std::optional<std::uint64_t> store_size(const std::string& path);

}  // namespace caretaker
