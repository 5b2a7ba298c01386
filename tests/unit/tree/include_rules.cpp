// SPDX-License-Identifier: Apache-2.0
#include "include_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

namespace caretaker {

namespace {

using Names = std::set<std::string_view>;

/// For each place in the tree, the places it may include. common/cli stands above every other
/// layer.
const std::map<std::string_view, Names>& allowed_layers() {
    static const std::map<std::string_view, Names> table{
        {"common/text", {}},
        {"common/base", {"common/text"}},
        {"common/config", {"common/text", "common/base"}},
        {"common/http", {"common/text", "common/base"}},
        {"common/json", {"common/text", "common/base"}},
        {"common/kafka", {"common/text", "common/base"}},
        {"common/dns", {"common/text", "common/base"}},
        {"common/metrics", {"common/text", "common/base", "common/config", "common/dns"}},
        {"common/store", {"common/text", "common/base"}},
        {"common/output", {"common/text", "common/base"}},
        {"common/options", {"common/text", "common/base"}},
        {"common/clients",
         {"common/text",
          "common/base",
          "common/config",
          "common/http",
          "common/json",
          "common/kafka"}},
        {"common/cli",
         {"common/text",
          "common/base",
          "common/config",
          "common/http",
          "common/json",
          "common/kafka",
          "common/dns",
          "common/metrics",
          "common/store",
          "common/output",
          "common/clients",
          "common/options"}},
    };
    return table;
}

struct VendorRule {
    std::string_view prefix{};
    std::string_view home{};  // files whose path begins so may include it
};

/// Vendor headers stop at their adapter; a library with several rows has other homes beside its
/// first.
constexpr VendorRule vendor_rules[] = {
    {"curl/", "common/http/"},
    {"librdkafka/", "common/kafka/"},
    {"sqlite3.h", "common/store/"},
    {"yaml-cpp/", "common/config/"},
    {"resolv.h", "common/dns/"},
    {"arpa/nameser.h", "common/dns/"},
    {"spdlog/", "common/base/log.cpp"},
    {"pcre2.h", "common/text/regex.cpp"},
    {"rapidjson/", "common/json/"},                       // reads what comes from outside
    {"rapidjson/", "common/output/json_writer.hpp"},      // writes; output stands beside json
    {"rapidjson/", "common/base/log_json.cpp"},           // writes, and base stands below both
    {"rapidjson/", "common/clients/lease_document.cpp"},  // writes, and may not include output
    {"rapidjson/", "common/cli/version.cpp"},             // only its version
};

constexpr std::string_view seams_and_io[] = {
    "common/base/context.hpp",
    "common/base/clock.hpp",
    "common/base/log.hpp",
    "common/http/",
    "common/kafka/",
    "common/store/",
    "common/config/",
    "common/cli/",
};

/// What lies there and is plain values all the same.
constexpr std::string_view values_beside_seams[] = {
    "common/kafka/kafka_values.hpp",
};

std::string_view folder_of(std::string_view path) {
    const std::size_t first = path.find('/');
    const std::size_t second = path.find('/', first + 1);
    return second == std::string_view::npos ? path.substr(0, first) : path.substr(0, second);
}

bool is_pure(std::string_view path) {
    const std::string_view stem = path.substr(0, path.rfind('.'));
    return stem.ends_with("_plan") || stem.ends_with("_model");
}

bool is_seam_or_io(std::string_view included) {
    return std::ranges::find(values_beside_seams, included) == std::end(values_beside_seams) &&
           std::ranges::any_of(seams_and_io,
                               [&](std::string_view io) { return included.starts_with(io); });
}

struct Include {
    std::string_view path{};
    bool quoted = false;
};

std::optional<Include> parse_include(std::string_view line) {
    constexpr std::string_view directive = "#include ";
    if (!line.starts_with(directive)) {
        return std::nullopt;
    }
    line.remove_prefix(directive.size());
    const std::size_t end = line.find_first_of("\">", 1);
    if (line.empty() || end == std::string_view::npos) {
        return std::nullopt;
    }
    return Include{.path = line.substr(1, end - 1), .quoted = line[0] == '"'};
}

std::string check_own(std::string_view path, std::string_view included) {
    const std::string_view from = folder_of(path);
    const std::string_view to = folder_of(included);
    if (from == to || included == "version.hpp") {
        return {};
    }
    if (from.starts_with("common/")) {
        const auto& table = allowed_layers();
        const auto row = table.find(from);
        if (row == table.end()) {
            return "a layer that is missing in the table of include_rules.cpp";
        }
        return row->second.contains(to) ? "" : "common/ includes upwards or sideways";
    }
    const bool of_jobs = to == "jobs" || to.starts_with("jobs/");
    if (from.starts_with("jobs/") && of_jobs) {
        return "a job includes another job";
    }
    if (from.starts_with("jobs/") && to == "common/cli") {
        return "a job includes the command line";
    }
    return {};
}

std::string check_vendor(std::string_view path, std::string_view included) {
    std::string_view home;
    for (const VendorRule& rule : vendor_rules) {
        if (!included.starts_with(rule.prefix)) {
            continue;
        }
        if (path.starts_with(rule.home)) {
            return {};
        }
        home = home.empty() ? rule.home : home;
    }
    if (!home.empty()) {
        return fmt::format("<{}> belongs to {}", included, home);
    }
    const bool may_parse = path.starts_with("common/cli/") || path.starts_with("common/options/");
    if (included.starts_with("CLI/") && !may_parse) {
        return "CLI11 belongs to common/cli and common/options";
    }
    return {};
}

}  // namespace

std::vector<std::string> find_include_violations(std::string_view path, std::string_view source) {
    std::vector<std::string> violations;
    int number = 0;
    while (!source.empty()) {
        const std::size_t end = std::min(source.find('\n'), source.size());
        const auto include = parse_include(source.substr(0, end));
        source.remove_prefix(std::min(end + 1, source.size()));
        ++number;
        if (!include) {
            continue;
        }
        std::string wrong =
            include->quoted ? check_own(path, include->path) : check_vendor(path, include->path);
        if (wrong.empty() && is_pure(path) && is_seam_or_io(include->path)) {
            wrong = "a plan or model includes a seam, a clock or IO";
        }
        if (!wrong.empty()) {
            violations.push_back(fmt::format("{}:{}: {} ({})", path, number, wrong, include->path));
        }
    }
    return violations;
}

}  // namespace caretaker
