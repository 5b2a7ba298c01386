// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/date_math_reader.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/rotate/date_math.hpp"
#include "jobs/rotate/search_reading.hpp"
#include "jobs/rotate/search_request.hpp"

#include <fmt/format.h>

#include <string_view>

namespace caretaker {

namespace {

constexpr std::string_view prefix = "caretaker-asks-for-date-math-7d1f0c-";

/// The index that the error of `response` names; empty where it names none.
std::string index_of_error(const HttpResponse& response) {
    // Caught because such an answer is one that does not say it.
    try {
        const JsonDocument document = JsonDocument::parse(response.body, "GET of a name");
        const auto error = document.root().find("error");
        return error && error->is_object() ? std::string(text_in(*error, "index")) : std::string();
    } catch (const JsonError&) {
        return {};
    }
}

}  // namespace

std::map<std::string, std::string> resolve_by_server(SearchCluster& cluster,
                                                     const CheckedOptions& options,
                                                     UnixSeconds now,
                                                     std::string& problem) {
    std::map<std::string, std::string> names;
    for (const char* option : {"name", "new_index"}) {
        const std::string text = options.text(option);
        if (!resolve_name(text, now).needs_server) {
            continue;
        }
        const std::string asked = fmt::format("<{}{}", prefix, text.substr(1));
        const HttpResponse response = cluster.http().send({.url = "/" + encode_segment(asked)});
        const std::string index = index_of_error(response);
        if (response.status == 404 && index.starts_with(prefix) && index.size() > prefix.size()) {
            names[text] = index.substr(prefix.size());
        } else {
            problem = fmt::format("the server does not resolve the name '{}': {}",
                                  text,
                                  describe_search_error(response));
        }
    }
    return names;
}

}  // namespace caretaker
