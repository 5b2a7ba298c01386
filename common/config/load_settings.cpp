// SPDX-License-Identifier: Apache-2.0
#include "common/config/load_settings.hpp"

#include "common/config/environment.hpp"
#include "common/config/setting_value.hpp"
#include "common/config/store_doubt.hpp"
#include "common/config/text_file.hpp"
#include "common/config/yaml_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

/// One byte more than the parser takes, so that it can tell that a file is too large.
constexpr std::size_t most_bytes = (1 << 20) + 1;

std::string_view value_of(const EnvironmentMap& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view{} : std::string_view(found->second);
}

class Loader {
 public:
    explicit Loader(const ConfigSources& sources) : sources_(sources) {}

    LoadedSettings load() {
        load_files();
        set_flags();  // their targets count among those that variables can mean
        add(parse_environment(
            sources_.environment, result_.settings.targets(), read_value_file, sources_.rules));
        set_flags();
        doubt_.take({.settings = sources_.flags});
        result_.store_in_doubt = doubt_.any();
        return std::move(result_);
    }

 private:
    void set_flags() {
        for (const Setting& flag : sources_.flags) {
            result_.settings.set(flag);
        }
    }

    void load_files() {
        if (!sources_.config_files.empty()) {
            for (const std::string& path : sources_.config_files) {
                load_file(path, "; check --config");
            }
            return;
        }
        if (const auto named = value_of(sources_.environment, "CARETAKER_CONFIG"); !named.empty()) {
            load_file(std::string(named), "; check CARETAKER_CONFIG");
            return;
        }
        if (!load_system_files()) {
            load_user_file();
        }
    }

    /// False when there are none.
    bool load_system_files() {
        const fs::path directory(sources_.system_directory);
        const fs::path main_file = directory / "caretaker.yml";
        const bool has_main_file = exists(main_file);
        if (has_main_file) {
            load_system_file(main_file.string());
        }
        return load_conf_d(directory / "conf.d") || has_main_file;
    }

    /// False when there are none.
    bool load_conf_d(const fs::path& directory) {
        const Listing listing = list_conf_d(directory);
        for (const std::string& path : listing.paths) {
            load_system_file(path);
        }
        if (listing.failure) {  // after the others: a file that was not found wins over them
            add_problem(directory.string(),
                        fmt::format("cannot be listed: {}", listing.failure.message()));
        }
        return listing.failure || !listing.paths.empty();
    }

    void load_system_file(const std::string& path) {
        load_file(path, "; make it readable, or name another file with --config");
    }

    void load_user_file() {
        fs::path directory(value_of(sources_.environment, "XDG_CONFIG_HOME"));
        if (!directory.is_absolute()) {  // the XDG specification has relative ones ignored
            const auto home = value_of(sources_.environment, "HOME");
            if (home.empty()) {
                return;
            }
            directory = fs::path(home) / ".config";
        }
        if (const fs::path path = directory / "caretaker" / "caretaker.yml"; exists(path)) {
            load_file(path.string(), "; make it readable, or name another file with --config");
        }
    }

    /// Whether anything stands at `path`, readable or not; a directory above it that may not be
    /// entered counts as nothing.
    static bool exists(const fs::path& path) {
        std::error_code ignored;
        const fs::file_type type = fs::symlink_status(path, ignored).type();
        return type != fs::file_type::not_found && type != fs::file_type::none;
    }

    struct Listing {
        std::vector<std::string> paths{};
        std::error_code failure{};  // a directory that is missing is none
    };

    static Listing list_conf_d(const fs::path& directory) {
        Listing listing;
        for (auto it = fs::directory_iterator(directory, listing.failure);
             !listing.failure && it != fs::directory_iterator();
             it.increment(listing.failure)) {
            const std::string name = it->path().filename().string();
            if (name.ends_with(".yml") && !name.starts_with('.')) {
                listing.paths.push_back(it->path().string());
            }
        }
        if (listing.failure == std::errc::no_such_file_or_directory) {
            listing.failure.clear();
        }
        std::ranges::sort(listing.paths);
        return listing;
    }

    void load_file(const std::string& path, std::string_view hint) {
        const TextFile file = read_text_file(path, most_bytes);
        if (!file.error.empty()) {
            add_problem(path, fmt::format("cannot be read: {}{}", file.error, hint));
            return;
        }
        result_.files.push_back(path);
        ParsedSettings parsed = parse_yaml_settings(file.text, path, sources_.rules);
        const auto secret = std::ranges::find_if(parsed.settings, holds_secret);
        if (file.readable_by_others && secret != parsed.settings.end()) {
            result_.warnings.push_back(
                fmt::format("{} holds a secret ({}) and everybody can read it; chmod o-r it",
                            path,
                            secret->path));
        }
        add(std::move(parsed));
    }

    /// Of one source; of two the weaker one comes first.
    void add(ParsedSettings parsed) {
        doubt_.take(parsed);
        for (Setting& setting : parsed.settings) {
            result_.settings.set(std::move(setting));
        }
        std::ranges::move(parsed.problems, std::back_inserter(result_.problems));
        std::ranges::move(parsed.doubtful, std::back_inserter(result_.doubtful));
    }

    void add_problem(std::string file, std::string message) {
        add({.problems = {{.file = std::move(file), .message = std::move(message)}}});
    }

    const ConfigSources& sources_;
    LoadedSettings result_;
    StoreDoubt doubt_;
};

}  // namespace

LoadedSettings load_settings(const ConfigSources& sources) {
    return Loader(sources).load();
}

bool is_in_effect(const DoubtfulValue& value, const Settings& settings) {
    const Setting* setting = settings.find(value.path);
    return setting != nullptr && setting->origin == value.origin;
}

}  // namespace caretaker
