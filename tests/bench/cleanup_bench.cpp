// SPDX-License-Identifier: Apache-2.0
// `caretaker cleanup` over trees of files, beside the tools that are used for that otherwise. Needs
// root for file systems of its own, so that no other load of the disk counts.
#include "tests/bench/whole_process.hpp"
#include "tests/support/private_mounts.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

constexpr int files_of_a_directory = 1'000;
constexpr std::time_t age = 9 * 24 * 3600;

/// A file system with nothing on it but the tree.
class BenchDisk {
 public:
    explicit BenchDisk(const std::string& type) {
        problem_ = mounts_.problem();
        if (problem_.empty()) {
            problem_ = type == "tmpfs"
                           ? mounts_.tmpfs(root(), "size=2g,nr_inodes=2000000")
                           : mounts_.loop(type, home_.file("disk"), root(), {"-N", "400000"});
        }
    }

    [[nodiscard]] const std::string& problem() const { return problem_; }

    [[nodiscard]] std::string root() const { return home_.file("root"); }

    [[nodiscard]] std::string tree() const { return root() + "/tree"; }

    [[nodiscard]] std::string file(std::string_view name) const { return home_.file(name); }

    /// Directories of a thousand empty files each, nine days old.
    void fill(std::int64_t files) const {
        std::filesystem::remove_all(tree());
        std::filesystem::create_directory(tree());
        const std::time_t time = std::time(nullptr) - age;
        const timespec times[2]{{.tv_sec = time, .tv_nsec = 0}, {.tv_sec = time, .tv_nsec = 0}};
        for (std::int64_t i = 0; i < files; ++i) {
            const std::string directory = fmt::format("{}/{}", tree(), i / files_of_a_directory);
            if (i % files_of_a_directory == 0) {
                std::filesystem::create_directory(directory);
            }
            const std::string name = fmt::format("{}/application.log.{}", directory, i);
            const int fd = open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
            futimens(fd, times);
            close(fd);
        }
        sync();
    }

 private:
    TempDir home_{};
    PrivateMounts mounts_{};
    std::string problem_{};
};

Command caretaker_over(const BenchDisk& disk, const std::string& keys, const std::string& mode) {
    std::ofstream(disk.file("c.yml"))
        << fmt::format("cleanup: {{files: [{{name: r, roots: ['{}'], {}}}]}}\n", disk.tree(), keys);
    return {.argv = {CARETAKER_BINARY,
                     "cleanup",
                     mode,
                     "--config",
                     disk.file("c.yml"),
                     "--store",
                     disk.file("store.db"),
                     "--no-statsd",
                     "-q",
                     "-o",
                     "none"}};
}

/// One tool over that many files.
Command command_of(const std::string& tool, const BenchDisk& disk) {
    if (tool == "rm") {
        return {.argv = {"rm", "-rf", disk.tree()}};
    }
    if (tool == "find_delete") {
        return {.argv = {"find", disk.tree(), "-type", "f", "-mtime", "+5", "-delete"}};
    }
    if (tool == "find_none") {
        return {.argv = {"find", disk.tree(), "-type", "f", "-mtime", "+50"}};
    }
    const std::string unchecked = "open_files: ignore, remove_empty_dirs: true, ";
    if (tool == "age_unchecked") {
        return caretaker_over(disk, unchecked + "older_than: 5d", "--yes");
    }
    if (tool == "plan_unchecked") {
        return caretaker_over(disk, unchecked + "keep_newest: 1, older_than: 5d", "--yes");
    }
    if (tool == "plan_only") {
        return caretaker_over(disk, "keep_newest: 1", "--dry-run");
    }
    if (tool == "walk") {
        return caretaker_over(disk, "older_than: 50d", "--dry-run");
    }
    return caretaker_over(disk, "remove_empty_dirs: true, older_than: 5d", "--yes");  // "age"
}

void clean(benchmark::State& state, const std::string& type, const std::string& tool) {
    const BenchDisk disk(type);
    if (!disk.problem().empty()) {
        state.SkipWithError(disk.problem().c_str());
        return;
    }
    ProcessMeter meter(state);
    for (auto _ : state) {
        disk.fill(state.range(0));
        if (!meter.run(command_of(tool, disk))) {
            return;
        }
    }
    meter.report();
}

void add(const std::string& type, std::int64_t files, const std::vector<std::string>& tools) {
    for (const std::string& tool : tools) {
        benchmark::RegisterBenchmark(
            fmt::format("cleanup/{}/{}", type, tool).c_str(),
            [type, tool](benchmark::State& state) { clean(state, type, tool); })
            ->Arg(files)
            ->Iterations(3)
            ->UseManualTime()
            ->Unit(benchmark::kMillisecond);
    }
}

const bool added = [] {
    constexpr std::int64_t many = 300'000;
    constexpr std::int64_t million = 1'000'000;
    add("tmpfs", many, {"rm", "find_delete", "age_unchecked", "plan_unchecked", "age"});
    add("ext4", many, {"rm", "find_delete", "age_unchecked", "plan_unchecked", "age"});
    add("tmpfs", million, {"find_none", "walk", "plan_only"});
    return true;
}();

}  // namespace
}  // namespace caretaker::testing
