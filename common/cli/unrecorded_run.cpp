// SPDX-License-Identifier: Apache-2.0
#include "common/cli/unrecorded_run.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/cli/run_identity.hpp"
#include "common/cli/run_pruning.hpp"
#include "common/cli/run_secrets.hpp"
#include "common/cli/run_store.hpp"
#include "common/cli/run_verdict.hpp"
#include "common/output/console.hpp"
#include "common/store/store_access.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

using StoreOrProblem = std::pair<std::unique_ptr<Store>, std::string>;

/// The store of a command that shows, or why it has none though there may be one.
StoreOrProblem open_store_to_show(const RunRequest& request, const World& world) {
    // Caught for the command whose work it is to tell what is wrong.
    try {
        auto store = open_inspect_store(request.settings, world.environment, world.stop);
        if (store && request.job.changes_store()) {
            store = open_run_store(
                request.settings, world.environment, world.stop, SyncOption::each_commit);
        }
        return {std::move(store), std::string()};
    } catch (const StoreError& error) {
        if (request.info.tolerates != Tolerance::wrong_settings_and_store) {
            throw;
        }
        return {nullptr, std::string(error.what())};
    }
}

/// The store of a command that administers; made where it does not exist yet.
StoreOrProblem open_store_to_change(const RunRequest& request, const World& world) {
    auto store =
        open_run_store(request.settings, world.environment, world.stop, SyncOption::each_commit);
    if (!store) {
        throw StoreError(
            "this command changes the store, and there is none; name a file by --store",
            "store_none");
    }
    return {std::move(store), std::string()};
}

StoreOrProblem open_store(const RunRequest& request, const World& world) {
    if (request.job.opens_store_itself()) {
        return {};
    }
    return request.info.kind == JobKind::administer ? open_store_to_change(request, world)
                                                    : open_store_to_show(request, world);
}

/// Does `step`. Whoever is told to stop while another process keeps the store locked ends by the
/// signal and not by the lock.
template <typename Step>
auto stoppable(const World& world, Step step) {
    try {
        return step();
    } catch (const StoreError&) {
        world.stop.check();
        throw;
    }
}

/// What a command that opens the store itself gets in its place; `access` outlives the context.
void lend_store_access(Context& context, const StoreAccess& access, World& world) {
    context.store_access = &access;
    if (world.stdin_is_terminal) {
        context.ask = [&world](std::string_view question) {
            return world.ask(question, world.stop);
        };
    }
}

}  // namespace

FinishedRun run_unrecorded(const RunRequest& request, World& world, Log& log) {
    const SteadyTime started = world.clock.steady();
    FinishedRun run;
    run.info = make_run_info(request, world);
    const auto [store, store_problem] =
        stoppable(world, [&] { return open_store(request, world); });
    if (store) {
        for (const std::string& warning : store->warnings()) {
            log.warning(warning);
        }
    }
    Context context{.clock = world.clock,
                    .connect = world.connect,
                    .store = store.get(),
                    .log = log,
                    .settings = request.settings,
                    .stop = world.stop,
                    .run = run.info,
                    .commands = request.commands,
                    .progress = world.status,
                    .store_problem = store_problem,
                    .settings_problem = request.settings_problem,
                    .input = [&world](std::span<char> buffer) {
                        return world.read_input ? world.read_input(buffer, world.stop) : 0;
                    }};
    context.write_result = [&world, &request](std::string_view piece) {
        if (request.wants_result) {
            world.console.write(piece);
        }
        return world.console.write_error() == 0;
    };
    const StoreAccess access{
        .options = store_options(request.settings, world.environment, world.stop),
        .retention = retention_from(request.settings),
        .path_origin = store_path_origin(request.settings, world.environment)};
    if (request.job.opens_store_itself()) {
        lend_store_access(context, access, world);
    }
    run.report = stoppable(world, [&] { return request.job.run(context); });
    redact_report(run.report, request.secrets);
    run.outcome = run.report.outcome;
    run.exit_code = run.outcome == Outcome::failed ? request.job.code_when_failed()
                                                   : exit_code_for(run.outcome);
    run.nagios = run.report.nagios.value_or(describe(run.exit_code).nagios);
    run.ended_at = world.clock.now();
    run.duration = std::chrono::floor<std::chrono::milliseconds>(world.clock.steady() - started);
    return run;
}

}  // namespace caretaker
