// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/replay_folder.hpp"

#include "common/base/error.hpp"
#include "common/text/ascii.hpp"
#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace caretaker::sandbox {

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw UsageError(fmt::format("reading {} failed; is it readable?", path.string()));
    }
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::optional<HttpMethod> find_method(std::string_view word) {
    for (const auto method : {HttpMethod::get,
                              HttpMethod::head,
                              HttpMethod::post,
                              HttpMethod::put,
                              HttpMethod::patch,
                              HttpMethod::del}) {
        if (to_string(method) == word) {
            return method;
        }
    }
    return std::nullopt;
}

/// Whether answers may depend on the header; the others belong to whoever recorded.
bool is_telling(std::string_view name) {
    constexpr std::array<std::string_view, 7> ordinary{"host",
                                                       "user-agent",
                                                       "accept",
                                                       "connection",
                                                       "content-length",
                                                       "content-type",
                                                       "transfer-encoding"};
    return std::ranges::find(ordinary, ascii_lower(name)) == ordinary.end();
}

/// "GET /path HTTP/1.1" or "GET /path".
bool read_request_line(std::string_view line, RecordedExchange& exchange) {
    const auto words = split_text(line, ' ');
    const auto method = words.size() >= 2 ? find_method(words[0]) : std::nullopt;
    if (!method) {
        return false;
    }
    exchange.method = *method;
    exchange.target = words[1];
    return true;
}

bool read_request(std::string_view bytes, RecordedExchange& exchange) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos ||
        !read_request_line(bytes.substr(0, bytes.find("\r\n")), exchange)) {
        return false;
    }
    exchange.body = bytes.substr(end + 4);
    for (std::string_view head = bytes.substr(0, end); !head.empty();) {
        const std::size_t line_end = std::min(head.find("\r\n"), head.size());
        const std::string_view line = head.substr(0, line_end);
        head.remove_prefix(std::min(line_end + 2, head.size()));
        const std::size_t colon = line.find(": ");
        if (colon != std::string_view::npos && is_telling(line.substr(0, colon))) {
            exchange.headers.push_back(
                {std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
        }
    }
    return true;
}

/// Requests by path of the answer without its suffix.
using Index = std::map<fs::path, std::string>;

void read_index(const fs::path& folder, Index& index) {
    std::error_code ignored;
    if (!fs::exists(folder / "INDEX.tsv", ignored)) {
        return;
    }
    const std::string text = read_file(folder / "INDEX.tsv");
    for (const std::string_view line : split_text(text, '\n')) {
        const auto columns = split_text(line, '\t');
        if (columns.size() >= 2) {
            index.try_emplace((folder / columns[0]).lexically_normal(), columns[1]);
        }
    }
}

Index read_indices(const fs::path& folder) {
    Index index;
    read_index(folder, index);
    read_index(folder.parent_path(), index);
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_directory()) {
            read_index(entry.path(), index);
        }
    }
    return index;
}

enum class BodyMatch { none, type, whole };

BodyMatch match_body(const std::string& recorded, const std::string& asked) {
    if (recorded == asked) {
        return BodyMatch::whole;
    }
    rapidjson::Document a;
    rapidjson::Document b;
    a.Parse(recorded.c_str());
    b.Parse(asked.c_str());
    if (a.HasParseError() || b.HasParseError()) {
        return BodyMatch::none;
    }
    if (a == b) {
        return BodyMatch::whole;
    }
    const bool have_types =
        a.IsObject() && b.IsObject() && a.HasMember("type") && b.HasMember("type");
    return have_types && a["type"] == b["type"] ? BodyMatch::type : BodyMatch::none;
}

bool has_headers(const HttpRequest& request, const RecordedExchange& exchange) {
    return std::ranges::all_of(exchange.headers, [&](const HttpHeader& header) {
        return find_header(request.headers, header.name).find(header.value) !=
               std::string_view::npos;
    });
}

}  // namespace

std::vector<RecordedExchange> read_replay_folder(const fs::path& given) {
    std::error_code error;
    const fs::path folder = fs::absolute(given, error).lexically_normal();
    if (!fs::is_directory(folder, error)) {
        throw UsageError(fmt::format("replaying {}: it is no folder", given.string()));
    }
    const Index index = read_indices(folder);
    std::vector<RecordedExchange> exchanges;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".http") {
            continue;
        }
        fs::path stem = entry.path();
        stem.replace_extension();
        RecordedExchange exchange{.name = stem.lexically_relative(folder).string(),
                                  .answer = read_file(entry.path())};
        const fs::path request = stem.string() + ".request";
        const auto indexed = index.find(stem);
        const bool is_known =
            fs::exists(request)
                ? read_request(read_file(request), exchange)
                : indexed != index.end() && read_request_line(indexed->second, exchange);
        if (is_known && !exchange.answer.empty()) {
            exchanges.push_back(std::move(exchange));
        }
    }
    if (exchanges.empty()) {
        throw UsageError(fmt::format(
            "replaying {}: it has no NAME.http whose request is in NAME.request or INDEX.tsv",
            given.string()));
    }
    std::ranges::sort(exchanges, {}, &RecordedExchange::name);
    return exchanges;
}

Replay::Replay(std::vector<RecordedExchange> exchanges) : exchanges_(std::move(exchanges)) {}

const std::string& Replay::find(const HttpRequest& request) {
    std::vector<std::size_t> found;
    std::pair<BodyMatch, std::size_t> best{BodyMatch::none, 0};
    for (std::size_t i = 0; i < exchanges_.size(); ++i) {
        const RecordedExchange& exchange = exchanges_[i];
        if (exchange.method != request.method || exchange.target != request.url ||
            !has_headers(request, exchange)) {
            continue;
        }
        const std::pair match{match_body(exchange.body, request.body), exchange.headers.size()};
        if (match.first == BodyMatch::none || match < best) {
            continue;
        }
        if (match > best) {
            found.clear();
            best = match;
        }
        found.push_back(i);
    }
    static const std::string nothing;
    if (found.empty()) {
        return nothing;
    }
    const std::size_t turn = std::min(given_[found]++, found.size() - 1);
    return exchanges_[found[turn]].answer;
}

}  // namespace caretaker::sandbox
