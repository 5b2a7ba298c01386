// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/host_tree.hpp"

#include "tests/sandbox/marathon_deployments.hpp"
#include "tests/sandbox/mesos_agent_documents.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <random>

namespace caretaker::sandbox {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::int64_t kib = 1 << 10;
constexpr std::int64_t mib = 1 << 20;

class HostMaker {
 public:
    HostMaker(const HostTreeOptions& options, PlatformState& platform)
        : options_(options),
          platform_(platform),
          random_(options.seed),
          writer_(options.root, options.now) {}

    HostTree make() {
        tree_ = {.logs = options_.root / "logs",
                 .outside = options_.root / "outside",
                 .work_dir = options_.root / "mesos"};
        writer_.file("outside/precious.db", 3 * kib, days(400));
        add_logs();
        if (options_.has_hostile_names) {
            add_hostile_names();
        }
        if (options_.has_other_types) {
            add_other_types();
        }
        if (options_.has_sandboxes) {
            add_sandboxes();
        }
        writer_.set_ages();
        tree_.entries = writer_.entries();
        return tree_;
    }

 private:
    static TreeAge days(int count) { return hours(24 * count); }

    std::int64_t below(std::int64_t limit) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
    }

    [[nodiscard]] std::string day_before(int age) const {
        return fmt::format("{:%Y-%m-%d}",
                           fmt::gmtime((options_.now - days(age)).time_since_epoch().count()));
    }

    void add_logs() {
        constexpr std::array apps{"api", "indexer", "gateway", "billing", "search"};
        for (std::size_t i = 0; i < options_.log_files; ++i) {
            const char* const app = apps[i % apps.size()];
            const int age = static_cast<int>(i / apps.size()) % options_.days;
            const std::string path = age == 0 ? fmt::format("logs/{}/{}-{}.log", app, app, i)
                                              : fmt::format("logs/{}/{}.log.{}.{}{}",
                                                            app,
                                                            app,
                                                            day_before(age),
                                                            i,
                                                            age > 2 ? ".gz" : "");
            writer_.file(path, below(12 * kib) + 100, days(age) + minutes(below(1'200)));
        }
        writer_.file("logs/api/huge.log.1", 6 * 1024 * mib, days(9));
        writer_.text_file("logs/audit/.caretaker-keep", "", days(100));
        writer_.file("logs/audit/audit.log.1", kib, days(90));
        writer_.file("logs/gateway/tomorrow.log.1", kib, -days(1));
        writer_.file("logs/gateway/.hidden.log.1", kib, days(30));
        writer_.file("logs/gateway/sticky.log.1", kib, days(30), 01644);
    }

    void add_hostile_names() {
        const std::vector<std::string> names{"line\nbreak.log.1",
                                             "-rf",
                                             "--delete.log.1",
                                             " blank at both ends .log.1 ",
                                             "tab\there.log.1",
                                             "quote'\"`$(reboot).log.1",
                                             "*.log.1",
                                             "[a-z].log.1",
                                             "back\\slash.log.1",
                                             "..twodots.log.1",
                                             "latin-\xE9\xE8.log.1",
                                             "overlong-\xC0\xAF.log.1",
                                             "\xE2\x80\xAE"
                                             "gol.1",
                                             "esc-\x1B[31m.log.1",
                                             "%00.log.1",
                                             std::string(251, 'n') + ".log"};
        for (const std::string& name : names) {
            writer_.file("logs/hostile/" + name, kib, days(30));
        }
        constexpr int beyond_path_max = 20;  // times 250 bytes
        writer_.nest("logs/deep", std::string(250, 'd'), beyond_path_max, days(30));
    }

    void add_other_types() {
        writer_.symlink("logs/links/to-outside", tree_.outside.string(), days(30));
        writer_.symlink("logs/links/to-precious.log.1", "../../outside/precious.db", days(30));
        writer_.symlink("logs/links/dangling.log.1", "nowhere", days(30));
        writer_.symlink("logs/links/loop.log.1", "loop.log.1", days(30));
        writer_.file("logs/links/one.log.1", 64 * kib, days(30));
        writer_.hard_link("logs/links/two.log.1", "logs/links/one.log.1");
        writer_.hard_link("outside/linked.db", "logs/links/one.log.1");
        writer_.fifo("logs/links/pipe.log.1", days(30));
        writer_.socket("logs/links/socket.log.1", days(30));
        writer_.directory("logs/empty-old", days(40));
        writer_.directory("logs/empty-new", hours(1));
        writer_.directory("logs/spool", days(40));
    }

    std::string make_id() {
        return fmt::format(
            "{:08x}-0000-4000-a000-{:012x}", random_() & 0xFFFFFFFFU, random_() & 0xFFFFFFFFFFFFU);
    }

    /// `path` is that of a sandbox, below the root.
    void add_sandbox(const std::string& path, TreeAge age, std::int64_t output) {
        writer_.file(path + "/stdout", output, age);
        writer_.file(path + "/stderr", kib, age);
        writer_.file(path + "/app/config.json", 300, age + days(2));
        writer_.directory(path + "/app", age);
        writer_.directory(path, age);
    }

    [[nodiscard]] std::string relative(const std::string& directory) const {
        return std::filesystem::path(directory).lexically_relative(options_.root).string();
    }

    void add_sandboxes() {
        platform_.mesos.agent_work_dir = tree_.work_dir.string();
        if (platform_.agents.empty()) {
            return;
        }
        const FakeAgent& agent = platform_.agents[0];
        for (const std::string& id : agent.tasks) {
            const FakeTask& task = platform_.tasks.at(id);
            add_sandbox(relative(sandbox_directory(platform_, task)), hours(1), below(90 * kib));
            tree_.live_containers.push_back(task.container_id);
        }
        add_finished();
        add_forgotten();
        add_dead_agent();
        writer_.symlink("mesos/slaves/latest", agent.id, days(20));
        writer_.file("mesos/meta/slaves/" + agent.id + "/slave.info", kib, days(20));
        writer_.file("mesos/volumes/roles/db/pg-data/base", 40 * kib, days(90));
        writer_.file("mesos/provisioner/containers/x/rootfs", kib, days(90));
    }

    /// Runs that the agent still knows as completed.
    void add_finished() {
        std::vector<std::string> ended;
        for (const std::string& id : platform_.agents[0].tasks) {
            if (ended.size() < 3 && !platform_.tasks.at(id).app.empty()) {
                ended.push_back(id);
            }
        }
        for (const std::string& id : ended) {
            FakeTask over = platform_.tasks.at(id);
            over.id += "-before";
            over.container_id = make_id();
            over.state = "TASK_FINISHED";
            add_sandbox(relative(sandbox_directory(platform_, over)), days(12), 20 * kib);
            tree_.dead_containers.push_back(over.container_id);
            platform_.completed_tasks.push_back(std::move(over));
        }
    }

    /// An older run of a live executor, and of frameworks that are gone.
    void add_forgotten() {
        const std::string base = "mesos/slaves/" + platform_.agents[0].id + "/frameworks/";
        if (!platform_.agents[0].tasks.empty()) {
            FakeTask older = platform_.tasks.at(platform_.agents[0].tasks.front());
            older.container_id = make_id();
            add_sandbox(relative(sandbox_directory(platform_, older)), days(15), kib);
            tree_.dead_containers.push_back(older.container_id);
        }
        for (int i = 0; i < 3; ++i) {
            const std::string container = make_id();
            add_sandbox(fmt::format("{}{}-00{:02}/executors/old/runs/{}",
                                    base,
                                    platform_.mesos.master_id,
                                    90 + i,
                                    container),
                        days(20 + i),
                        30 * kib);
            tree_.dead_containers.push_back(container);
        }
    }

    void add_dead_agent() {
        tree_.dead_agent = make_id() + "-S7";
        const std::string path = "mesos/slaves/" + tree_.dead_agent;
        add_sandbox(path + "/frameworks/" + make_id() + "-0000/executors/e/runs/" + make_id(),
                    days(50),
                    100 * kib);
        writer_.directory(path, days(50));
    }

    const HostTreeOptions& options_;
    PlatformState& platform_;
    std::mt19937_64 random_;
    TreeWriter writer_;
    HostTree tree_{};
};

}  // namespace

HostTree make_host_tree(const HostTreeOptions& options, PlatformState& platform) {
    return HostMaker(options, platform).make();
}

}  // namespace caretaker::sandbox
