// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_bundle.hpp"

#include "common/base/error.hpp"
#include "common/config/text_file.hpp"
#include "common/json/json_copy.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_members.hpp"
#include "common/output/json_writer.hpp"
#include "jobs/kibana/provision_drift_plan.hpp"
#include "jobs/kibana/provision_form_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <set>
#include <system_error>
#include <utility>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_file = std::size_t{64} << 20U;
constexpr std::string_view advice = "look at the bundle's file";

/// What `read` throws of JSON as an error of usage.
template <typename Result>
Result reading(const std::function<Result()>& read) {
    try {
        return read();
    } catch (const JsonError& error) {  // a file that somebody wrote, and not a service's answer
        throw UsageError(error.what());
    }
}

std::string required_text(JsonView object, std::string_view name) {
    std::string text = json_text_or_empty(object, name);
    if (text.empty()) {
        object.fail(fmt::format("has no {}", name));
    }
    return text;
}

void write_object(JsonView object, JsonWriter& json) {
    constexpr std::array<std::string_view, 6> sent{
        "type", "id", "attributes", "references", "migrationVersion", "coreMigrationVersion"};
    json.begin_object();
    bool has_references = false;
    for (const JsonMember& member : object.members()) {
        const bool is_sent = std::ranges::find(sent, member.name) != sent.end() ||
                             member.name == "typeMigrationVersion";
        has_references = has_references || member.name == "references";
        if (is_sent) {
            json.key(member.name);
            copy_json(member.value, json);
        }
    }
    if (!has_references) {
        json.key("references");
        json.begin_array();
        json.end_array();
    }
    json.end_object();
}

std::string read_file(const fs::path& path) {
    TextFile file = read_text_file(path.string(), largest_file);
    if (!file.error.empty()) {
        throw UsageError(
            fmt::format("reading {}: {}; check the bundle", path.string(), file.error));
    }
    return std::move(file.text);
}

void read_lines(const fs::path& path, const BundleVariables& variables, ProvisionBundle& bundle) {
    const std::string text = read_file(path);
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string origin = fmt::format("{}:{}", path.string(), ++number);
        std::string_view line = std::string_view(text).substr(begin, end - begin);
        if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
            if (auto object = parse_bundle_object(fill_in(line, variables, origin), origin)) {
                bundle.objects.push_back(std::move(*object));
            }
        }
        begin = end + 1;
    }
}

void read_folder(const fs::path& folder,
                 const BundleVariables& variables,
                 ProvisionBundle& bundle) {
    std::error_code failure;
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure)) {
        if (entry.path().extension() == ".json") {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    for (const fs::path& file : files) {
        const std::string origin = file.string();
        if (auto object =
                parse_bundle_object(fill_in(read_file(file), variables, origin), origin)) {
            bundle.objects.push_back(std::move(*object));
        }
    }
}

}  // namespace

std::string fill_in(std::string_view text,
                    const BundleVariables& variables,
                    const std::string& what) {
    std::string result;
    while (true) {
        const std::size_t begin = text.find("${");
        result += text.substr(0, begin);
        if (begin == std::string_view::npos) {
            return result;
        }
        if (begin > 0 && text[begin - 1] == '$') {
            result += '{';
            text.remove_prefix(begin + 2);
            continue;
        }
        const std::size_t end = text.find('}', begin);
        if (end == std::string_view::npos) {
            throw UsageError(fmt::format("{}: '${{' is never closed", what));
        }
        const std::string_view name = text.substr(begin + 2, end - begin - 2);
        const auto found = variables.find(name);
        if (found == variables.end()) {
            throw UsageError(
                fmt::format("{}: ${{{}}} has no value; give it by --var {}=VALUE, or as a label of "
                            "the app",
                            what,
                            name,
                            name));
        }
        JsonWriter json;  // a value stands inside texts of JSON
        json.value(found->second);
        const std::string_view quoted = json.text();
        result += quoted.substr(1, quoted.size() - 2);
        text.remove_prefix(end + 1);
    }
}

std::optional<DashboardsVersion> parse_dashboards_version(std::string_view text) {
    DashboardsVersion version;
    const char* const end = text.data() + text.size();
    const auto [dot, failure] = std::from_chars(text.data(), end, version.major);
    if (failure != std::errc{} || version.major < 0 || (dot != end && *dot != '.')) {
        return std::nullopt;
    }
    if (dot != end && std::from_chars(dot + 1, end, version.minor).ec != std::errc{}) {
        return std::nullopt;
    }
    return version;
}

ProvisionBundle parse_bundle_manifest(std::string_view text, const std::string& what) {
    return reading<ProvisionBundle>([&] {
        const JsonDocument document = JsonDocument::parse(text, what, std::string(advice));
        const JsonView root = document.root();
        constexpr std::array<std::string_view, 5> known{
            "name", "version", "default_index", "space", "min_kibana"};
        for (const JsonMember& member : root.members()) {
            if (std::ranges::find(known, member.name) == known.end()) {
                member.value.fail(
                    "is a member that nobody knows; there are name, version, "
                    "default_index, space, min_kibana");
            }
        }
        ProvisionBundle bundle{.name = required_text(root, "name"),
                               .version = json_text_or_empty(root, "version"),
                               .default_index = json_text_or_empty(root, "default_index"),
                               .space = json_text_or_empty(root, "space")};
        if (const std::string least = json_text_or_empty(root, "min_kibana"); !least.empty()) {
            bundle.min_kibana = parse_dashboards_version(least);
            if (!bundle.min_kibana) {
                root.at("min_kibana").fail("is no version; write \"7.10\"");
            }
        }
        const bool is_space = bundle.space.find_first_not_of(
                                  "abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
        if (!is_space) {
            root.at("space").fail("is no id of a space: a-z, 0-9, _ and -");
        }
        return bundle;
    });
}

std::optional<BundleObject> parse_bundle_object(std::string_view text, const std::string& origin) {
    return reading<std::optional<BundleObject>>([&]() -> std::optional<BundleObject> {
        const JsonDocument document = JsonDocument::parse(text, origin, std::string(advice));
        const JsonView root = document.root();
        if (root.find("exportedCount")) {
            return std::nullopt;
        }
        BundleObject object{.type = required_text(root, "type"),
                            .id = required_text(root, "id"),
                            .origin = origin,
                            .form = normal_object(root)};
        if ((object.type + object.id).find_first_of("/?#%\\ ") != std::string::npos) {
            root.fail("has a type or an id with a character that no address can hold");
        }
        object.exported_by =
            parse_dashboards_version(json_text_or_empty(root, "coreMigrationVersion"));
        JsonWriter json;
        write_object(root, json);
        object.json = json.text();
        return object;
    });
}

void finish_bundle(ProvisionBundle& bundle, const std::string& what) {
    if (bundle.objects.empty()) {
        throw UsageError(fmt::format(
            "{}: it has no objects; put an export in export.ndjson, or files in legacy/", what));
    }
    std::set<std::pair<std::string, std::string>> present;
    for (const BundleObject& object : bundle.objects) {
        if (object.exported_by &&
            (!bundle.exported_by || is_older(*bundle.exported_by, *object.exported_by))) {
            bundle.exported_by = object.exported_by;
        }
        if (!present.emplace(object.type, object.id).second) {
            throw UsageError(
                fmt::format("{}: {} {} is there twice", object.origin, object.type, object.id));
        }
    }
    if (!bundle.default_index.empty() &&
        !present.contains({"index-pattern", bundle.default_index})) {
        throw UsageError(fmt::format(
            "{}: default_index {} is no index pattern of the bundle", what, bundle.default_index));
    }
    std::ranges::stable_sort(
        bundle.objects, {}, [](const BundleObject& object) { return provision_rank(object.type); });
}

ProvisionBundle read_bundle(const std::string& directory, const BundleVariables& variables) {
    const fs::path root(directory);
    const fs::path manifest = root / "bundle.json";
    ProvisionBundle bundle = parse_bundle_manifest(
        fill_in(read_file(manifest), variables, manifest.string()), manifest.string());
    std::error_code failure;
    if (fs::exists(root / "export.ndjson", failure)) {
        read_lines(root / "export.ndjson", variables, bundle);
    }
    read_folder(root / "legacy", variables, bundle);
    finish_bundle(bundle, directory);
    return bundle;
}

}  // namespace caretaker
