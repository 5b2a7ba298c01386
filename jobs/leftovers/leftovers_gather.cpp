// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/leftovers_gather.hpp"

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/json/json_error.hpp"
#include "jobs/leftovers/input_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ios>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// What stands in its way is told as a document that is missing; all else ends the run.
class MasterReading {
 public:
    MasterReading(MesosMaster& master, DocumentReader& reader, CaseWriter* save, Log& log)
        : master_(master), reader_(reader), save_(save), log_(log) {}

    bool read(std::string_view name, std::string_view path, std::string_view old_path = {}) {
        return take(name,
                    [&](const ReadJsonAnswer& read) { return master_.read(path, read, old_path); });
    }

    /// Of the operator API.
    bool call(std::string_view name, std::string_view type) {
        return take(name, [&](const ReadJsonAnswer& read) { return master_.call(type, read); });
    }

    /// By `ask`, which says whether there is such a document.
    bool take(std::string_view name, const std::function<bool(const ReadJsonAnswer&)>& ask) {
        if (save_ != nullptr) {
            save_->begin(name);
        }
        const DocumentReader::Mark before = reader_.mark();
        const bool found = ask([&](const JsonSource& source, const std::string& what) {
            if (save_ != nullptr) {
                save_->restart();
            }
            reader_.rewind(before);
            reader_.read(source, what);
        });
        changed_ = changed_ || (!answered_.empty() && answered_ != master_.answered());
        answered_ = master_.answered();
        return found;
    }

    /// Whether another master answered in the middle of it.
    [[nodiscard]] bool has_changed_master() const { return changed_; }

    /// Caught because leftovers are known without these documents, only less exactly.
    void try_read(std::string_view name, std::string_view path) {
        try {
            if (!read(name, path)) {
                log_.debug("the master has no such document", {{"path", std::string(path)}});
            }
        } catch (const RemoteError& error) {
            if (error.failure() == RemoteFailure::unreachable) {
                throw;
            }
            note_missing(name, error);
        } catch (const JsonError& error) {
            note_missing(name, error);
        }
    }

    void note_missing(std::string_view name, const Error& error) {
        log_.warning(error.what());
        missing_.emplace_back(name);
    }

    /// /slaves does not tell how many agents are given up. Caught because nothing depends on it.
    void read_unreachable() {
        try {
            if (const auto count = master_.metric("master/slaves_unreachable")) {
                read_text("unreachable", fmt::format(R"({{"unreachable_slaves":{}}})", *count));
            }
        } catch (const RemoteError& error) {
            log_.debug(error.what());
        } catch (const JsonError& error) {
            log_.debug(error.what());
        }
    }

    /// Of the master, where agents have one. Caught because only agents of other regions suffer.
    void read_region() {
        if (!reader_.needs_region()) {
            return;
        }
        try {
            call("master", "GET_MASTER");
        } catch (const RemoteError& error) {
            note_missing("GET_MASTER", error);
        }
    }

    [[nodiscard]] const std::vector<std::string>& missing() const { return missing_; }

    /// Of a master that leads no more nothing counts, neither what it told nor what it refused.
    void start_over(const DocumentReader::Mark& before) {
        reader_.rewind(before);
        missing_.clear();
    }

 private:
    void read_text(std::string_view name, std::string_view text) {
        if (save_ != nullptr) {
            save_->begin(name);
        }
        reader_.read(
            [rest = text](std::span<char> buffer) mutable {
                const std::size_t count = std::min(buffer.size(), rest.size());
                rest.copy(buffer.data(), count);
                rest.remove_prefix(count);
                return count;
            },
            std::string(name));
    }

    MesosMaster& master_;
    DocumentReader& reader_;
    CaseWriter* save_;
    Log& log_;
    std::vector<std::string> missing_{};
    std::string answered_{};
    bool changed_ = false;
};

/// As exact as /slaves, with rights of its own. Caught because /state may be allowed.
bool try_operator_api(MasterReading& reading) {
    try {
        return reading.call("agents_v1", "GET_AGENTS");
    } catch (const RemoteError& error) {
        if (error.failure() == RemoteFailure::unreachable) {
            throw;
        }
        reading.note_missing("GET_AGENTS", error);
        return false;
    }
}

/// /slaves has reservations and disks in detail, /state sums alone but the tasks.
void read_agents(MasterReading& reading, const DocumentReader& reader) {
    const auto read_state = [&] {
        return reading.read("state", "/master/state", "/master/state.json");
    };
    bool found = false;
    bool is_denied = false;
    try {
        found = reading.read("slaves", "/master/slaves");
    } catch (const RemoteError& error) {  // caught where it is denied, for others may not be
        if (error.failure() != RemoteFailure::denied) {
            throw;
        }
        reading.note_missing("slaves", error);
        is_denied = true;
    }
    if (is_denied) {
        found = try_operator_api(reading);
    }
    if (!found || reader.needs_tasks()) {
        if (!read_state() && !found) {
            throw RemoteError(RemoteFailure::failed,
                              "mesos_not_found",
                              "mesos: there is neither /master/slaves nor /master/state; is it the "
                              "address of a Mesos master?");
        }
    }
}

struct MarathonDocument {
    std::string_view name{};
    std::string_view path{};
};

constexpr std::array app_documents{MarathonDocument{"info", "/v2/info"},
                                   MarathonDocument{"apps", "/v2/apps"},
                                   MarathonDocument{"tasks", "/v2/tasks"},
                                   MarathonDocument{"queue", "/v2/queue"}};
/// Those before 1.4 have no pods, and no such path.
constexpr std::array pod_documents{MarathonDocument{"pods", "/v2/pods/::status"}};

/// What stands in the way of some documents of Marathon, as those of `subject`. Caught because
/// leftovers are known from Mesos alone, and the run tells what is missing.
std::optional<UnreadElement> read_marathon(const GatherSources& sources,
                                           DocumentReader& reader,
                                           std::span<const MarathonDocument> documents,
                                           std::string_view subject) {
    try {
        for (const MarathonDocument& document : documents) {
            if (sources.save != nullptr) {
                sources.save->begin(fmt::format("marathon_{}", document.name));
            }
            const DocumentReader::Mark before = reader.mark();
            get_json_answer(*sources.marathon,
                            std::string(document.path),
                            [&](const JsonSource& source, const std::string& what) {
                                if (sources.save != nullptr) {
                                    sources.save->restart();
                                }
                                reader.rewind(before);
                                reader.read(source, what);
                            });
        }
    } catch (const RemoteError& error) {
        return UnreadElement{.subject = std::string(subject),
                             .message = error.what(),
                             .is_denied = error.failure() == RemoteFailure::denied};
    } catch (const JsonError& error) {
        return UnreadElement{.subject = std::string(subject), .message = error.what()};
    }
    return std::nullopt;
}

/// What stands in the way of its apps, for leftovers are known without.
std::optional<UnreadElement> read_apps(const GatherSources& sources, DocumentReader& reader) {
    if (auto problem = read_marathon(sources, reader, app_documents, "marathon")) {
        return problem;
    }
    // Those up to 0.8 answer for themselves while none leads, with an empty list.
    if (!reader.knows_marathon_leader()) {
        return UnreadElement{.subject = "marathon",
                             .message =
                                 "marathon: GET /v2/info: it knows no leader, so that its "
                                 "apps are not believed; try again after the election"};
    }
    return std::nullopt;
}

}  // namespace

ClusterFacts gather_from_services(const GatherSources& sources,
                                  OfferedResources offered,
                                  const Clock& clock,
                                  Log& log) {
    DocumentReader reader(offered);
    if (sources.save != nullptr) {
        reader.set_listener([save = sources.save](std::string_view pattern, JsonView value) {
            save->add(pattern, value);
        });
    }
    MasterReading reading(sources.master, reader, sources.save, log);
    const SteadyTime begun = clock.steady();
    const auto marathon_problem =
        sources.marathon == nullptr ? std::nullopt : read_apps(sources, reader);
    const bool knows_apps = sources.marathon != nullptr && !marathon_problem;
    const auto pods_problem =
        knows_apps ? read_marathon(sources, reader, pod_documents, "pods") : std::nullopt;
    if (pods_problem) {
        reader.forget_pods();
    }
    const auto read_all = [&] {
        reading.try_read("roles", "/master/roles");
        reading.try_read("flags", "/master/flags");
        reading.try_read("maintenance_schedule", "/master/maintenance/schedule");
        reading.try_read("maintenance_status", "/master/maintenance/status");
        reading.read_unreachable();
        read_agents(reading, reader);
        reading.read_region();
    };
    const DocumentReader::Mark before_master = reader.mark();
    read_all();
    const bool is_standby = !reader.has_agents() && sources.master.follow_leader();
    if (reading.has_changed_master() || is_standby) {
        reading.start_over(before_master);
        read_all();
    }
    ClusterFacts facts = reader.finish();
    facts.missing_documents = reading.missing();
    if (marathon_problem) {
        facts.workload = {};
    }
    for (const auto& problem : {marathon_problem, pods_problem}) {
        if (problem) {
            facts.unread.push_back(*problem);
        }
    }
    facts.taken_at = clock.now();
    facts.spread = std::chrono::duration_cast<std::chrono::milliseconds>(clock.steady() - begun);
    return facts;
}

ClusterFacts gather_from_files(const std::vector<std::string>& paths,
                               OfferedResources offered,
                               CaseWriter* save,
                               Log& log) {
    DocumentReader reader(offered);
    if (save != nullptr) {
        reader.set_listener(
            [save](std::string_view pattern, JsonView value) { save->add(pattern, value); });
    }
    bool knows_any = false;
    for (const std::filesystem::path& path : list_input_files(paths)) {
        std::ifstream file(path, std::ios::binary);
        if (!file) {
            throw UsageError(fmt::format("--input: {} cannot be read", path.string()));
        }
        if (save != nullptr) {
            save->begin(path.stem().string());
        }
        const JsonSource source = [&](std::span<char> buffer) {
            file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
            return static_cast<std::size_t>(file.gcount());
        };
        bool is_known = reader.read(source, path.string());
        if (!is_known) {
            log.debug("nothing in the file is used", {{"file", path.string()}});
            file.clear();
            file.seekg(0);
            is_known = DocumentReader::has_empty_list(source, path.string());
        }
        knows_any = knows_any || is_known;
    }
    if (!knows_any) {
        throw UsageError(
            fmt::format("--input: nothing in {} is known; name answers of a Mesos "
                        "master, as /slaves or /state, or a saved case",
                        fmt::join(paths, ", ")));
    }
    const auto saved_time = reader.saved_time();
    ClusterFacts facts = reader.finish();
    facts.taken_at = saved_time.value_or(WallTime{});
    return facts;
}

}  // namespace caretaker
