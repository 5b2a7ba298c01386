// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/docker_request.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>

namespace caretaker::sandbox {

namespace {

/// Go's durations, as far as people write them: "168h", "1h30m", "90s".
std::optional<std::int64_t> parse_go_duration(std::string_view text) {
    std::int64_t ms = 0;
    while (!text.empty()) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (error != std::errc{} || text.empty()) {
            return std::nullopt;
        }
        std::int64_t unit = 0;
        if (text.starts_with("ms")) {
            unit = 1;
            text.remove_prefix(1);
        } else {
            unit = text[0] == 'h'   ? 3'600'000
                   : text[0] == 'm' ? 60'000
                   : text[0] == 's' ? 1'000
                                    : 0;
        }
        if (unit == 0) {
            return std::nullopt;
        }
        text.remove_prefix(1);
        ms += number * unit;
    }
    return ms;
}

bool has_label(const DockerLabels& labels, const std::string& wanted) {
    const std::size_t equals = std::min(wanted.find('='), wanted.size());
    const auto found = labels.find(wanted.substr(0, equals));
    return found != labels.end() &&
           (equals == wanted.size() || found->second == wanted.substr(equals + 1));
}

}  // namespace

DockerFilters::DockerFilters(std::string_view json, std::initializer_list<std::string_view> known) {
    if (json.empty()) {
        return;
    }
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    if (document.HasParseError() || !document.IsObject()) {
        throw DockerRefusal{400, "invalid filter"};
    }
    for (const auto& member : document.GetObject()) {
        const std::string name = member.name.GetString();
        if (std::ranges::find(known, name) == known.end()) {
            throw DockerRefusal{400, fmt::format("invalid filter '{}'", name)};
        }
        std::vector<std::string>& values = values_[name];
        if (member.value.IsArray()) {
            for (const auto& value : member.value.GetArray()) {
                if (!value.IsString()) {
                    throw DockerRefusal{400, "invalid filter"};
                }
                values.emplace_back(value.GetString());
            }
        } else if (member.value.IsObject()) {
            for (const auto& value : member.value.GetObject()) {
                values.emplace_back(value.name.GetString());
            }
        } else {
            throw DockerRefusal{400, "invalid filter"};
        }
    }
}

const std::vector<std::string>& DockerFilters::values(const std::string& name) const {
    static const std::vector<std::string> none;
    const auto found = values_.find(name);
    return found == values_.end() ? none : found->second;
}

bool DockerFilters::any(const std::string& name,
                        const std::function<bool(const std::string&)>& fits) const {
    return !has(name) || std::ranges::any_of(values(name), fits);
}

std::optional<bool> DockerFilters::flag(const std::string& name) const {
    if (!has(name)) {
        return std::nullopt;
    }
    const std::string& value = values(name).front();
    if (value == "true" || value == "1") {
        return true;
    }
    if (value == "false" || value == "0") {
        return false;
    }
    throw DockerRefusal{400, fmt::format("invalid filter '{}={}'", name, value)};
}

bool DockerFilters::meet_labels(const DockerLabels& labels) const {
    const auto has_it = [&](const std::string& wanted) { return has_label(labels, wanted); };
    return std::ranges::all_of(values("label"), has_it) &&
           !(has("label!") && std::ranges::all_of(values("label!"), has_it));
}

std::optional<std::int64_t> DockerFilters::until(std::int64_t now_ms) const {
    if (!has("until")) {
        return std::nullopt;
    }
    if (values("until").size() > 1) {
        throw DockerRefusal{400, "more than one until filter specified"};
    }
    const std::string& text = values("until").front();
    if (const auto duration = parse_go_duration(text)) {
        return now_ms - *duration;
    }
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw DockerRefusal{400,
                            fmt::format("failed to parse value as time or duration: \"{}\"", text)};
    }
    return seconds * 1'000;
}

bool DockerRequest::flag(std::string_view name) const {
    const std::string_view value = parameter(name);
    return !value.empty() && value != "0" && value != "no" && value != "false" && value != "none";
}

DockerRequest read_docker_request(const HttpRequest& request, const DockerState& state) {
    DockerRequest read{.method = request.method,
                       .version = state.max_api,
                       .target = parse_request_target(request.url)};
    read.path = read.target.segments;
    if (read.path.empty() || !read.path[0].starts_with('v')) {
        return read;
    }
    const std::string text = read.path[0].substr(1);
    const auto version = parse_docker_api_version(text);
    if (!version) {
        return read;
    }
    if (*version > state.max_api) {
        throw DockerRefusal{400,
                            fmt::format("client version {} is too new. Maximum supported API "
                                        "version is {}",
                                        text,
                                        state.max_api.text())};
    }
    if (*version < state.min_api) {
        throw DockerRefusal{400,
                            fmt::format("client version {} is too old. Minimum supported API "
                                        "version is {}, please upgrade your client to a newer "
                                        "version",
                                        text,
                                        state.min_api.text())};
    }
    read.version = *version;
    read.path.erase(read.path.begin());
    return read;
}

}  // namespace caretaker::sandbox
