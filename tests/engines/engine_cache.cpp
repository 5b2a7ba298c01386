// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/engine_cache.hpp"

#include "common/base/fd.hpp"
#include "tests/support/spawn.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace caretaker::testing {

namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

std::filesystem::path engine_cache_folder() {
    if (const std::string folder = environment("CARETAKER_ENGINES_CACHE"); !folder.empty()) {
        return folder;
    }
    std::filesystem::path cache = environment("XDG_CACHE_HOME");
    if (cache.empty()) {
        const std::string home = environment("HOME");
        cache = std::filesystem::path(home.empty() ? "/tmp" : home) / ".cache";
    }
    return cache / "caretaker-engines";
}

std::filesystem::path cached(const std::string& name,
                             const std::function<void(const std::filesystem::path&)>& fill) {
    const std::filesystem::path folder = engine_cache_folder();
    const std::filesystem::path entry = folder / name;
    if (std::filesystem::exists(entry)) {
        return entry;
    }
    std::filesystem::create_directories(folder);
    const std::string lock_file = entry.string() + ".lock";
    const Fd lock(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!lock || ::flock(lock.get(), LOCK_EX) != 0) {
        throw std::system_error(errno, std::generic_category(), "locking " + lock_file);
    }
    if (!std::filesystem::exists(entry)) {  // else another process made it meanwhile
        const std::string partial = entry.string() + ".partial";
        std::filesystem::remove_all(partial);
        fill(partial);
        std::filesystem::rename(partial, entry);
    }
    return entry;
}

void require_programs(const std::string& engine, const std::vector<std::string>& programs) {
    for (const std::string& program : programs) {
        if (!find_program(program)) {
            throw EngineUnavailable(fmt::format("{}: {} is not installed", engine, program));
        }
    }
}

void report_unavailable(const EngineUnavailable& reason) {
    if (environment("CARETAKER_REQUIRE_ENGINES") == "1") {
        FAIL() << "CARETAKER_REQUIRE_ENGINES=1, but an engine is missing: " << reason.what();
    }
    GTEST_SKIP() << "ENGINE NOT TESTED: " << reason.what();
}

}  // namespace caretaker::testing
