// SPDX-License-Identifier: Apache-2.0
#include "tests/support/cleanup_host.hpp"

#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace caretaker::testing {

namespace fs = std::filesystem;

std::set<std::string> Cleanup::error_codes() const {
    std::set<std::string> codes;
    for (const auto& error : json_at(json, "errors").GetArray()) {
        codes.insert(json_text(error, "code"));
    }
    return codes;
}

std::string Cleanup::summary() const {
    return json_text(json_at(json, "summary"), "text");
}

CleanupHost::CleanupHost(std::string binary)
    : binary_(std::move(binary)), root_(home_.file("logs")) {
    fs::create_directory(root_);
}

std::string CleanupHost::path(std::string_view relative) const {
    return fmt::format("{}/{}", root_, relative);
}

void CleanupHost::file(std::string_view relative, std::int64_t age, std::size_t size) const {
    const std::string name = path(relative);
    fs::create_directories(fs::path(name).parent_path());
    std::ofstream(name) << std::string(size, 'x');
    set_age(relative, age);
}

void CleanupHost::directory(std::string_view relative) const {
    fs::create_directories(path(relative));
}

void CleanupHost::set_age(std::string_view relative, std::int64_t age) const {
    const std::time_t time = std::time(nullptr) - age;
    const timespec times[2]{{.tv_sec = time, .tv_nsec = 0}, {.tv_sec = time, .tv_nsec = 0}};
    if (utimensat(AT_FDCWD, path(relative).c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) {
        throw std::runtime_error("setting the times of " + path(relative));
    }
}

std::set<std::string> CleanupHost::tree() const {
    std::set<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
        const bool is_directory = entry.is_directory() && !entry.is_symlink();
        paths.insert(entry.path().string().substr(root_.size() + 1) + (is_directory ? "/" : ""));
    }
    return paths;
}

void CleanupHost::let_runs_see_this_process_only() {
    proc_ = home_.file("proc");
    fs::create_directory(proc_);
    const std::string own = std::to_string(getpid());
    fs::create_directory_symlink("/proc/" + own, proc_ + "/" + own);
}

std::string CleanupHost::make_proc(std::string_view io_pressure) const {
    const std::string proc = home_.file("empty-proc");
    fs::create_directories(proc + "/pressure");
    std::ofstream(proc + "/pressure/io")
        << fmt::format("some avg10={} avg60=0.00 avg300=0.00 total=1\n", io_pressure);
    return proc;
}

Cleanup CleanupHost::run(const std::string& keys, const std::vector<std::string>& options) const {
    return run_with(
        fmt::format("cleanup: {{files: [{{name: r, roots: ['{}'], {}}}]}}\n", root_, keys),
        options);
}

Cleanup CleanupHost::run_with(const std::string& configuration,
                              const std::vector<std::string>& options) const {
    std::ofstream(home_.file("caretaker.yml")) << configuration;
    Command command;
    command.argv = {binary_,
                    "cleanup",
                    "--config",
                    home_.file("caretaker.yml"),
                    "--store",
                    home_.file("store/caretaker.db"),
                    "--no-statsd",
                    "-o",
                    "json"};
    command.argv.insert(command.argv.end(), options.begin(), options.end());
    command.inherit_environment = false;
    command.environment = {{"HOME", home_.path().string()}, {"CARETAKER_HOST", "test-host"}};
    if (!die_at_.empty()) {
        command.environment.emplace_back("CARETAKER_TEST_DIE_AT", die_at_);
    }
    if (!proc_.empty()) {
        command.environment.emplace_back("CARETAKER_TEST_PROC", proc_);
    }
    fs::create_directories(home_.file("store"));
    const Finished finished = run_command(command, std::chrono::seconds(60));
    Cleanup cleanup{finished.status.code, finished.out, finished.err};
    if (finished.status.signal != 0) {
        return cleanup;
    }
    cleanup.json = parse_json(finished.out);
    if (!cleanup.json.IsObject() || !cleanup.json.HasMember("rows")) {
        return cleanup;
    }
    for (const auto& row : cleanup.json["rows"].GetArray()) {
        if (!row.HasMember("kind")) {
            continue;
        }
        std::string path = json_text(row, "escaped_path");
        if (path.starts_with(root_)) {
            path.erase(0, root_.size() + 1);
        }
        cleanup.rows.push_back(
            fmt::format("{} {} {}", json_text(row, "kind"), path, json_text(row, "result")));
    }
    return cleanup;
}

}  // namespace caretaker::testing
