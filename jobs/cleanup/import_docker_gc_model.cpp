// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/import_docker_gc_model.hpp"

#include "common/text/shell_words.hpp"
#include "jobs/cleanup/age_text.hpp"
#include "jobs/cleanup/import_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace caretaker {

namespace {

/// At most so many digits, so that what follows can be reckoned with.
std::optional<std::int64_t> parse_count(std::string_view text) {
    constexpr std::size_t most_digits = 9;
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, number);
    const bool right = failure == std::errc{} && rest == end && number >= 0;
    return right && text.size() <= most_digits ? std::optional(number) : std::nullopt;
}

bool is_variable_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_image_id(std::string_view text) {
    constexpr std::size_t short_id = 12;
    return text.size() == short_id &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// A regular expression of grep(1) as a glob; nothing where it says what no glob can.
std::optional<std::string> to_glob(std::string_view expression) {
    constexpr std::array<std::string_view, 5> any{".*", R"(.\+)", "[^ ]*", R"([^ ]\+)", R"(\S*)"};
    std::string glob;
    while (!expression.empty()) {
        const auto found = std::ranges::find_if(
            any, [&](std::string_view one) { return expression.starts_with(one); });
        if (found != any.end()) {
            glob += '*';
            expression.remove_prefix(found->size());
            continue;
        }
        if (expression.starts_with("\\.")) {
            expression.remove_prefix(1);
        } else if (std::string_view("\\[]^$*+?(){}|").find(expression.front()) !=
                   std::string_view::npos) {
            return std::nullopt;
        }
        glob += expression.front();  // a dot fits itself, which is what is meant
        expression.remove_prefix(1);
    }
    return glob;
}

class DockerGcImport {
 public:
    explicit DockerGcImport(std::string_view origin)
        : of_containers_(origin.find("container") != std::string_view::npos) {}

    ImportedDockerRules read(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            const auto words = split_shell_words(text.substr(0, end));
            const std::string_view line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            take_line(line, words.value_or(std::vector<std::string>{}));
        }
        if (result_.has_settings) {
            result_.remarks.emplace_back(
                "docker-gc goes by when an image was built, these rules by when it was last used, "
                "tagged or pulled here.");
        }
        return std::move(result_);
    }

 private:
    void take_line(std::string_view line, const std::vector<std::string>& words) {
        const std::size_t first = line.find_first_not_of(" \t\r");
        if (first == std::string_view::npos || line[first] == '#') {
            return;
        }
        bool assigns = false;
        for (const std::string& word : words) {
            const std::size_t equals = word.find('=');
            if (equals != std::string::npos && is_variable_name(word.substr(0, equals))) {
                set(word.substr(0, equals), word.substr(equals + 1));
                assigns = true;
            }
        }
        const bool is_command = line.find("docker-gc") != std::string_view::npos;
        result_.has_settings = result_.has_settings || assigns || is_command;
        if (!assigns && !is_command) {
            const std::size_t last = line.find_last_not_of(" \t\r");
            spare(line.substr(first, last - first + 1));
        }
    }

    void set(const std::string& name, const std::string& value) {
        if (name == "GRACE_PERIOD_SECONDS") {
            if (const auto seconds = parse_count(value)) {
                result_.older_than = format_age(std::chrono::seconds(*seconds));
            } else {
                remark("GRACE_PERIOD_SECONDS '{}' is no number of seconds.", value);
            }
        } else if (name == "MINIMUM_IMAGES_TO_SAVE") {
            if (const auto number = parse_count(value)) {
                result_.keep_newest_tags = std::to_string(*number);
            } else {
                remark("MINIMUM_IMAGES_TO_SAVE '{}' is no number.", value);
            }
        } else if (name == "REMOVE_VOLUMES") {
            result_.removes_volumes = value != "0" && !value.empty();
        } else if (name == "EXCLUDE_DEAD") {
            result_.spares_dead = value != "0" && !value.empty();
        } else if (name == "FORCE_IMAGE_REMOVAL") {
            result_.remarks.emplace_back(
                "FORCE_IMAGE_REMOVAL is not needed: all tags of an image go, one by one.");
        } else if (name == "EXCLUDE_FROM_GC" || name == "EXCLUDE_CONTAINERS_FROM_GC" ||
                   name == "EXCLUDE_VOLUMES_IDS_FILE") {
            remark("{} is a list of its own; import it, too.", value);
        } else {
            remark("{} has no counterpart.", name);
        }
    }

    void spare(std::string_view expression) {
        if (!of_containers_ && is_image_id(expression)) {
            remark("{} is the id of an image; name its tag.", expression);
            return;
        }
        const auto glob = to_glob(expression);
        if (!glob || glob->find(' ') != std::string::npos) {
            remark("The expression {} is no glob; write it by hand.", expression);
        } else if (of_containers_) {
            result_.spared_containers.push_back(fmt::format("*{}*", *glob));  // it fits anywhere
        } else {
            result_.spared_images.push_back(*glob);
        }
    }

    void remark(std::string_view words, std::string_view about) {
        std::string one_line(about);
        std::erase_if(one_line, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
        result_.remarks.push_back(fmt::format(fmt::runtime(words), one_line));
    }

    bool of_containers_;
    ImportedDockerRules result_{};
};

}  // namespace

ImportedDockerRules import_docker_gc(std::string_view text, std::string_view origin) {
    return DockerGcImport(origin).read(text);
}

std::string format_imported_docker_rules(const ImportedDockerRules& imported,
                                         std::string_view origin) {
    std::string containers;
    std::string images;
    const auto add = [](std::string& section, std::string_view key, std::string_view value) {
        section += fmt::format("      {}: {}\n", key, value);
    };
    if (imported.has_settings) {
        add(containers, "older_than", imported.older_than);
        if (imported.spares_dead) {
            add(containers, "states", "[exited, created]");
        }
        add(images, "older_than", imported.older_than);
        add(images, "dangling_older_than", imported.older_than);
        add(images, "keep_newest_tags", imported.keep_newest_tags);
    }
    if (!imported.spared_containers.empty()) {
        add(containers, "exclude_names", yaml_list(imported.spared_containers));
    }
    if (!imported.spared_images.empty()) {
        add(images, "exclude", yaml_list(imported.spared_images));
    }
    std::string out = fmt::format("# From {}\n", origin);
    if (containers.empty() && images.empty()) {
        out += "# Nothing in it says what to remove or to spare.\n";
    } else {
        out += "cleanup:\n  docker:\n";
    }
    if (imported.has_settings) {
        out += fmt::format("    remove: [containers, images{}]\n",
                           imported.removes_volumes ? ", volumes" : "");
    }
    if (!containers.empty()) {
        out += "    containers:\n" + containers;
    }
    if (!images.empty()) {
        out += "    images:\n" + images;
    }
    if (imported.removes_volumes) {
        out += "    volumes:\n      mode: all\n";
    }
    for (const std::string& remark : imported.remarks) {
        out += fmt::format("# {}\n", remark);
    }
    return out;
}

}  // namespace caretaker
