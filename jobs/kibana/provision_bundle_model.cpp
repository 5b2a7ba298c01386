// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_bundle_model.hpp"

#include "common/base/error.hpp"
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
#include <set>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view advice = "correct the bundle, or export it again";
constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
constexpr std::string_view space_characters = "abcdefghijklmnopqrstuvwxyz0123456789_-";

bool consists_of(std::string_view text, std::string_view characters) {
    return text.find_first_not_of(characters) == std::string_view::npos;
}

std::size_t line_at(std::string_view text, std::size_t offset) {
    return 1 + static_cast<std::size_t>(
                   std::ranges::count(text.substr(0, std::min(offset, text.size())), '\n'));
}

[[noreturn]] void refuse(std::string_view file, std::size_t line, std::string_view complaint) {
    throw UsageError(fmt::format("{}:{}: {}", file, line, complaint));
}

/// The line of the member that the path of a JSON error ends with: "FILE: $.space is no text".
std::size_t line_of_shape(std::string_view text, std::string_view message) {
    const std::size_t at = message.find(": $.");
    if (at == std::string_view::npos) {
        return 1;
    }
    const std::string_view path = message.substr(at + 4);
    std::string_view member = path.substr(0, path.find_first_of(" ['"));
    member = member.substr(member.rfind('.') == std::string_view::npos ? 0 : member.rfind('.') + 1);
    const std::size_t found = text.find(fmt::format("\"{}\"", member));
    return found == std::string_view::npos ? 1 : line_at(text, found);
}

/// Of broken JSON: "FILE: no JSON at byte 17: …".
std::optional<std::size_t> offset_in(std::string_view message) {
    constexpr std::string_view words = " at byte ";
    const std::size_t at = message.find(words);
    std::size_t offset = 0;
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    const char* const begin = message.data() + at + words.size();
    const auto error = std::from_chars(begin, message.data() + message.size(), offset).ec;
    return error == std::errc{} ? std::optional(offset) : std::nullopt;
}

/// Calls `read` with the document `text` that begins at `first_line` of the file; what is wrong
/// with it is told with the line.
template <typename Read>
void read_part(const std::string& name,
               std::string_view text,
               std::size_t first_line,
               const Read& read) {
    // Caught because who wrote the bundle needs the line, and nothing was started yet.
    try {
        const JsonDocument document = JsonDocument::parse(text, name, std::string(advice));
        read(document.root());
    } catch (const JsonError& error) {
        const std::string_view message = error.what();
        const std::optional<std::size_t> offset = offset_in(message);
        const std::size_t line = offset ? line_at(text, *offset) : line_of_shape(text, message);
        refuse(
            name, first_line + line - 1, message.substr(std::min(name.size() + 2, message.size())));
    }
}

std::string json_of(JsonView value) {
    JsonWriter json;
    copy_json(value, json);
    return std::string(json.text());
}

DashboardsVersion read_version(JsonView value) {
    const auto version = parse_dashboards_version(value.text());
    if (!version) {
        value.fail("is no version; write \"7.10\" or the like");
    }
    return *version;
}

bool is_newer(const DashboardsVersion& version, const std::optional<DashboardsVersion>& than) {
    return !than || std::pair(than->major, than->minor) < std::pair(version.major, version.minor);
}

class BundleReader {
 public:
    BundleReader(const BundleFiles& files, const BundleVariables& variables)
        : files_(files), variables_(variables) {}

    Bundle read() {
        read_manifest();
        if (files_.exported) {
            read_exported(*files_.exported);
        }
        for (const BundleFile& file : files_.legacy) {
            const std::string text = fill_in_variables(file.text, file.name, variables_);
            read_part(file.name, text, 1, [&](JsonView root) {
                add(read_object(root, fmt::format("{}:1", file.name)), bundle_.legacy);
            });
        }
        if (bundle_.exported.empty() && bundle_.legacy.empty()) {
            throw UsageError(fmt::format(
                "{}:1: the bundle has no objects; put export.ndjson or legacy/*.json beside it",
                files_.manifest.name));
        }
        for (auto* objects : {&bundle_.exported, &bundle_.legacy}) {
            check_default(*objects);
            std::ranges::stable_sort(
                *objects, {}, [](const BundleObject& one) { return provision_rank(one.type); });
        }
        return std::move(bundle_);
    }

 private:
    void read_manifest() {
        const BundleFile& file = files_.manifest;
        manifest_ = fill_in_variables(file.text, file.name, variables_);
        read_part(file.name, manifest_, 1, [&](JsonView root) {
            constexpr std::array<std::string_view, 6> known{
                "name", "version", "default_index", "space", "min_kibana", "exported_from"};
            for (const JsonMember& member : root.members()) {
                if (std::ranges::find(known, member.name) == known.end()) {
                    member.value.fail(
                        "is not known; a bundle has name, version, default_index, space, "
                        "min_kibana and exported_from");
                }
            }
            bundle_.name = root.at("name").text();
            if (bundle_.name.empty()) {
                root.at("name").fail("is empty");
            }
            bundle_.version = root.at("version").text();
            bundle_.default_index = json_text_or_empty(root, "default_index");
            bundle_.space = json_text_or_empty(root, "space");
            if (!consists_of(bundle_.space, space_characters)) {
                root.at("space").fail(
                    "is no space: that has lower-case letters, digits, '-' and '_' alone");
            }
            if (bundle_.space == "default") {
                bundle_.space.clear();
            }
            if (const auto version = root.find("min_kibana")) {
                bundle_.min_kibana = read_version(*version);
            }
            if (const auto version = root.find("exported_from")) {
                bundle_.exported_from = read_version(*version);
            }
        });
    }

    void read_exported(const BundleFile& file) {
        const std::string text = fill_in_variables(file.text, file.name, variables_);
        std::size_t number = 0;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            const std::string_view line = std::string_view(text).substr(at, end - at);
            at = end + 1;
            ++number;
            if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
                continue;
            }
            read_part(file.name, line, number, [&](JsonView root) { read_line(root, number); });
        }
    }

    void read_line(JsonView root, std::size_t number) {
        if (root.find("exportedCount")) {
            const auto missing = root.find("missingRefCount");
            if (missing && missing->integer() > 0) {
                missing->fail(
                    "says that objects were left out that others refer to; export them with "
                    "related objects");
            }
            return;
        }
        note_version(root);
        add(read_object(root, fmt::format("{}:{}", files_.exported->name, number)),
            bundle_.exported);
    }

    /// Before 8.8 an object says which version it is of; later ones say a number of their own.
    void note_version(JsonView root) {
        const auto core = root.find("coreMigrationVersion");
        if (!core) {
            return;
        }
        const DashboardsVersion version = read_version(*core);
        if (is_newer(version, bundle_.exported_from)) {
            bundle_.exported_from = version;
        }
    }

    static BundleObject read_object(JsonView root, std::string where) {
        BundleObject object{.type = std::string(root.at("type").text()),
                            .id = std::string(root.at("id").text()),
                            .references = "[]",
                            .where = std::move(where)};
        constexpr std::size_t longest_id = 512;
        if (object.type.empty() || !consists_of(object.type, name_characters)) {
            root.at("type").fail("is no type of saved objects");
        }
        if (object.id.empty() || object.id.size() > longest_id ||
            std::ranges::any_of(object.id, [](char c) { return c >= 0 && c < ' '; })) {
            root.at("id").fail("is no id: it is empty, longer than 512 bytes, or has line breaks");
        }
        const JsonView attributes = root.at("attributes");
        const auto references = root.find("references");
        object.normal = normal_object(object.type, attributes, references);
        object.attributes = json_of(attributes);
        if (references) {
            object.references = json_of(*references);
        }
        object.line = import_line(root);
        return object;
    }

    /// Without what belongs to the Kibana that it was exported from.
    static std::string import_line(JsonView root) {
        JsonWriter json;
        json.begin_object();
        for (const std::string_view name : {"type",
                                            "id",
                                            "attributes",
                                            "references",
                                            "migrationVersion",
                                            "coreMigrationVersion",
                                            "typeMigrationVersion"}) {
            if (const auto member = root.find(name)) {
                json.key(name);
                copy_json(*member, json);
            } else if (name == "references") {
                json.key(name);
                json.begin_array();
                json.end_array();
            }
        }
        json.end_object();
        return std::string(json.text());
    }

    static void add(BundleObject object, std::vector<BundleObject>& objects) {
        const auto twin = std::ranges::find_if(objects, [&](const BundleObject& other) {
            return other.type == object.type && other.id == object.id;
        });
        if (twin != objects.end()) {
            throw UsageError(fmt::format("{}: {} '{}' is at {} already; leave one of them out",
                                         object.where,
                                         object.type,
                                         object.id,
                                         twin->where));
        }
        objects.push_back(std::move(object));
    }

    void check_default(const std::vector<BundleObject>& objects) const {
        const bool is_there =
            bundle_.default_index.empty() || objects.empty() ||
            std::ranges::any_of(objects, [&](const BundleObject& one) {
                return one.type == "index-pattern" && one.id == bundle_.default_index;
            });
        if (!is_there) {
            refuse(files_.manifest.name,
                   line_of_shape(manifest_, ": $.default_index "),
                   fmt::format("default_index: '{}' is the id of no index pattern of the bundle "
                               "(of {}); write one that is there",
                               bundle_.default_index,
                               &objects == &bundle_.exported ? "export.ndjson" : "legacy"));
        }
    }

    const BundleFiles& files_;
    const BundleVariables& variables_;
    std::string manifest_{};
    Bundle bundle_{};
};

/// Kibana 3 keeps all of a dashboard as one text.
bool is_of_kibana_3(const BundleObject& object) {
    const JsonDocument attributes = JsonDocument::parse(object.attributes, object.where);
    return object.type == "dashboard" && attributes.root().find("dashboard").has_value();
}

}  // namespace

std::string check_bundle_variable(std::string_view name, std::string_view value) {
    if (name.empty() || !consists_of(name, name_characters)) {
        return fmt::format("'{}' is no name of a variable; write NAME=VALUE", name);
    }
    const bool is_unsafe = std::ranges::any_of(
        value, [](char c) { return c == '"' || c == '\\' || (c >= 0 && c < ' '); });
    return is_unsafe ? fmt::format(
                           "the value of '{}' has a quotation mark, a backslash or a "
                           "control character, which JSON cannot hold as they are",
                           name)
                     : std::string();
}

std::string fill_in_variables(std::string_view text,
                              std::string_view name,
                              const BundleVariables& variables) {
    std::string result;
    result.reserve(text.size());
    std::size_t at = 0;
    for (;;) {
        const std::size_t found = text.find("${", at);
        if (found == std::string_view::npos) {
            result += text.substr(at);
            return result;
        }
        if (found > at && text[found - 1] == '$') {
            result += text.substr(at, found - 1 - at);
            result += "${";
            at = found + 2;
            continue;
        }
        result += text.substr(at, found - at);
        const std::size_t end = text.find('}', found);
        const std::string_view variable =
            end == std::string_view::npos ? "" : text.substr(found + 2, end - found - 2);
        if (variable.empty() || !consists_of(variable, name_characters)) {
            refuse(name,
                   line_at(text, found),
                   "after '${' there is no name with a '}'; write '$${' where the text itself is "
                   "meant");
        }
        const auto value = variables.find(variable);
        if (value == variables.end()) {
            refuse(
                name,
                line_at(text, found),
                fmt::format("nothing is known to put for ${{{0}}}; add --var {0}=VALUE", variable));
        }
        if (const std::string trouble = check_bundle_variable(variable, value->second);
            !trouble.empty()) {
            refuse(name, line_at(text, found), trouble);
        }
        result += value->second;
        at = end + 1;
    }
}

Bundle read_bundle(const BundleFiles& files, const BundleVariables& variables) {
    return BundleReader(files, variables).read();
}

std::vector<const BundleObject*> choose_objects(const Bundle& bundle,
                                                const DashboardsVersion& version) {
    constexpr int last_legacy = 6;
    constexpr int first_with_exports = 6;
    const bool is_legacy = !version.opensearch && version.major <= last_legacy &&
                           (!bundle.legacy.empty() || version.major < first_with_exports);
    const std::vector<BundleObject>& objects =
        is_legacy || bundle.exported.empty() ? bundle.legacy : bundle.exported;
    std::vector<const BundleObject*> chosen;
    for (const BundleObject& object : objects) {
        if (is_of_kibana_3(object) == (version.major == 3 && !version.opensearch)) {
            chosen.push_back(&object);
        }
    }
    if (chosen.empty()) {
        throw UsageError(fmt::format(
            "the bundle {} has nothing for {}; {}",
            bundle.name,
            describe_dashboards(version),
            is_legacy ? "put objects of its form into legacy/*.json" : "add an export.ndjson"));
    }
    return chosen;
}

}  // namespace caretaker
