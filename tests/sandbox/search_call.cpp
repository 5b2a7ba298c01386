// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_call.hpp"

#include "common/text/glob.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <set>

namespace caretaker::sandbox {

namespace {

std::string decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            decoded +=
                static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

}  // namespace

std::string json_text(std::string_view text) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return buffer.GetString();
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find(separator));
        parts.emplace_back(part);
        text.remove_prefix(std::min(part.size() + 1, text.size()));
    }
    return parts;
}

SearchCall::SearchCall(SearchState& state, const HttpRequest& request)
    : state_(state), request_(request) {
    const std::string_view url = request.url;
    const std::size_t query = std::min(url.find('?'), url.size());
    for (const std::string& segment : split(url.substr(1, query - 1), '/')) {
        path_.push_back(decode(segment));
    }
    if (query < url.size()) {
        for (const std::string& pair : split(url.substr(query + 1), '&')) {
            const std::size_t equals = std::min(pair.find('='), pair.size());
            parameters_[pair.substr(0, equals)] =
                decode(std::string_view(pair).substr(std::min(equals + 1, pair.size())));
        }
    }
    read_body();
}

void SearchCall::read_body() {
    if (request_.body.empty()) {
        return;
    }
    const std::string_view type = find_header(request_.headers, "Content-Type");
    if (state_.version.is_at_least(6) && type.empty()) {
        throw Refused{406, "", "Content-Type header [] is not supported"};
    }
    if (type != "application/x-ndjson") {
        body_.Parse(request_.body.c_str());
        has_body_ = !body_.HasParseError() && body_.IsObject();
        if (!has_body_) {
            throw Refused{400, "parse_exception", "Failed to parse content to map"};
        }
    }
}

std::string SearchCall::parameter(const std::string& name) const {
    const auto found = parameters_.find(name);
    return found == parameters_.end() ? std::string() : found->second;
}

void SearchCall::allow(std::initializer_list<std::string_view> names) const {
    constexpr std::array<std::string_view, 3> everywhere{"filter_path", "pretty", "human"};
    for (const auto& [name, value] : parameters_) {
        const bool is_known = std::ranges::find(names, name) != names.end() ||
                              std::ranges::find(everywhere, name) != everywhere.end();
        if (!is_known && state_.version.is_at_least(5)) {
            throw Refused{400,
                          "illegal_argument_exception",
                          fmt::format("request [{}] contains unrecognized parameter: [{}]",
                                      request_.url.substr(0, request_.url.find('?')),
                                      name)};
        }
    }
}

std::vector<std::string> SearchCall::resolve(const std::string& list) const {
    std::set<std::string> names;
    const bool ignores = parameter("ignore_unavailable") == "true";
    for (const std::string& term : split(list, ',')) {
        bool found = term.find('*') != std::string::npos || term == "_all";
        for (const auto& [name, index] : state_.indices) {
            const bool by_alias = std::ranges::any_of(
                index.aliases, [&](const auto& alias) { return glob_match(term, alias.first); });
            if (term == "_all" || glob_match(term, name) || by_alias) {
                names.insert(name);
                found = true;
            }
        }
        if (!found && !ignores) {
            throw Refused{
                404, "index_not_found_exception", fmt::format("no such index [{}]", term)};
        }
    }
    return {names.begin(), names.end()};
}

void SearchCall::check_blocks(const std::vector<std::string>& names, bool deletes) const {
    for (const std::string& name : names) {
        const auto& settings = state_.indices[name].settings;
        const auto has = [&](const char* block) {
            const auto found = settings.find(std::string("index.blocks.") + block);
            return found != settings.end() && found->second == "true";
        };
        if (has("read_only")) {
            throw Refused{
                403,
                "cluster_block_exception",
                fmt::format("index [{}] blocked by: [FORBIDDEN/5/index read-only (api)];", name)};
        }
        if (has("read_only_allow_delete") && !deletes) {
            throw Refused{state_.version.is_at_least(7) ? 429 : 403,
                          "cluster_block_exception",
                          fmt::format("index [{}] blocked by: [TOO_MANY_REQUESTS/12/disk usage "
                                      "exceeded flood-stage watermark, index has "
                                      "read-only-allow-delete block];",
                                      name)};
        }
    }
}

}  // namespace caretaker::sandbox
