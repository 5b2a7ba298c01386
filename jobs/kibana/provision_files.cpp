// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_files.hpp"

#include "common/base/error.hpp"
#include "common/config/text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_file = 25ULL << 20;  // what Kibana takes by default
constexpr std::size_t most_legacy_files = 2'000;

bool is_there(const fs::path& path) {
    std::error_code failure;
    return fs::exists(path, failure);
}

std::vector<fs::path> list_legacy(const fs::path& folder) {
    std::vector<fs::path> paths;
    std::error_code failure;
    for (fs::directory_iterator at(folder, failure); !failure && at != fs::directory_iterator();
         at.increment(failure)) {
        if (at->path().extension() == ".json") {
            paths.push_back(at->path());
        }
    }
    if (failure) {
        throw UsageError(
            fmt::format("reading the bundle: {}: {}; check the path and its "
                        "permissions",
                        folder.string(),
                        failure.message()));
    }
    if (paths.size() > most_legacy_files) {
        throw UsageError(
            fmt::format("reading the bundle: {} has more than {} files; make several "
                        "bundles of it",
                        folder.string(),
                        most_legacy_files));
    }
    std::ranges::sort(paths);
    return paths;
}

}  // namespace

BundleFile read_bundle_file(const std::string& path) {
    TextFile file = read_text_file(path, largest_file);
    if (!file.error.empty()) {
        throw UsageError(
            fmt::format("reading {}: {}; check the path and its permissions", path, file.error));
    }
    if (file.text.size() > largest_file) {
        throw UsageError(fmt::format(
            "reading {}: it is larger than 25 MiB, which no Kibana takes; split it", path));
    }
    return {.name = path, .text = std::move(file.text)};
}

BundleFiles read_bundle_files(const std::string& folder) {
    const fs::path root(folder);
    std::error_code failure;
    if (!fs::is_directory(root, failure)) {
        throw UsageError(
            fmt::format("--bundle: {} is no folder; name the one that bundle.json is in", folder));
    }
    if (!is_there(root / "bundle.json")) {
        throw UsageError(fmt::format(
            "--bundle: {} has no bundle.json; write one with at least {{\"name\": \"NAME\", "
            "\"version\": \"1\"}}",
            folder));
    }
    BundleFiles files{.manifest = read_bundle_file((root / "bundle.json").string())};
    if (is_there(root / "export.ndjson")) {
        files.exported = read_bundle_file((root / "export.ndjson").string());
    }
    if (is_there(root / "legacy")) {
        for (const fs::path& path : list_legacy(root / "legacy")) {
            files.legacy.push_back(read_bundle_file(path.string()));
        }
    }
    return files;
}

}  // namespace caretaker
