// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_pattern_check.hpp"

#include "common/base/error.hpp"
#include "common/clients/search_engine.hpp"
#include "common/http/service_http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_members.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/kibana/provision_bundle_model.hpp"

#include <fmt/format.h>

#include <string_view>

namespace caretaker {

namespace {

constexpr int not_found = 404;

/// Commas and stars of a pattern stay as they are.
std::string encode_pattern(std::string_view pattern) {
    std::string encoded;
    while (true) {
        const std::size_t at = pattern.find_first_of(",*");
        encoded += encode_segment(pattern.substr(0, at));
        if (at == std::string_view::npos) {
            return encoded;
        }
        encoded += pattern[at];
        pattern.remove_prefix(at + 1);
    }
}

/// Since Elasticsearch 5.4; before that, mappings are read.
bool has_field_caps(ServiceHttp& search) {
    const HttpResponse response = search.require({.url = "/"});
    const SearchEngine engine = read_search_engine(
        JsonDocument::parse(response.body, "elasticsearch: asking its version").root());
    return engine.family == SearchFamily::opensearch || !(engine.version < EngineVersion{5, 4, 0});
}

bool has_member(const HttpResponse& response, const std::string& field) {
    const JsonDocument document =
        JsonDocument::parse(response.body, "elasticsearch: reading fields");
    const auto fields = document.root().find("fields");
    return fields && (field.empty() ? !fields->members().empty() : fields->find(field).has_value());
}

bool has_old_mapping(const HttpResponse& response) {
    return !JsonDocument::parse(response.body, "elasticsearch: reading mappings")
                .root()
                .members()
                .empty();
}

}  // namespace

std::string find_pattern_trouble(ServiceHttp& search, const BundleObject& pattern) {
    const JsonDocument attributes = JsonDocument::parse(pattern.attributes, pattern.where);
    const std::string title = json_text_or_empty(attributes.root(), "title");
    const std::string time = json_text_or_empty(attributes.root(), "timeFieldName");
    if (title.empty() || title.find_first_of(" []<>/?#") != std::string::npos) {
        return {};  // patterns by date, of Kibana 4, and what nobody can ask for
    }
    const bool asks_caps = has_field_caps(search);
    const std::string field = time.empty() ? "*" : encode_segment(time);
    const std::string url =
        asks_caps ? fmt::format("/{}/_field_caps?fields={}", encode_pattern(title), field)
                  : fmt::format("/{}/_mapping/field/{}", encode_pattern(title), field);
    const HttpResponse response = search.require({.url = url}, {not_found});
    const bool is_found = response.status != not_found &&
                          (asks_caps ? has_member(response, time) : has_old_mapping(response));
    if (is_found) {
        return {};
    }
    return time.empty()
               ? fmt::format("no index matches {} yet", title)
               : fmt::format("no index matches {} and has the time field {} yet", title, time);
}

std::string fetch_fields(ServiceHttp& search, const std::string& pattern) {
    const std::string path = encode_pattern(pattern);
    const HttpResponse response = search.require(
        {.url = has_field_caps(search) ? fmt::format("/{}/_field_caps?fields=*", path)
                                       : fmt::format("/{}/_mapping", path)},
        {not_found});
    if (response.status == not_found) {
        throw RemoteError(RemoteFailure::failed,
                          "pattern_matches_nothing",
                          fmt::format("no index matches {}, so nobody knows the fields; index a "
                                      "line first, name others by --pattern, or name the fields "
                                      "by --fields FILE",
                                      pattern));
    }
    return response.body;
}

}  // namespace caretaker
