// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/alias_mover.hpp"

#include "common/json/json_copy.hpp"
#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/rotate/search_request.hpp"
#include "jobs/rotate/step_tools.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>

namespace caretaker {

namespace {

/// {"remove": {"index": …, "alias": …}}, with the alias's properties where there are any.
void write_alias_action(std::string_view verb,
                        std::string_view index,
                        const JsonMember& alias,
                        bool with_properties,
                        JsonWriter& json) {
    json.begin_object();
    json.key(verb);
    json.begin_object();
    json.member("index", index);
    json.member("alias", alias.name);
    if (with_properties) {
        for (const JsonMember& property : alias.value.members()) {
            json.key(property.name);
            copy_json(property.value, json);
        }
    }
    json.end_object();
    json.end_object();
}

}  // namespace

ActionResult move_aliases(SearchCluster& cluster, std::string_view from, std::string_view to) {
    const std::string path = fmt::format("/{}/_alias", encode_segment(from));
    const HttpResponse response = cluster.http().require({.url = path}, {404});
    if (response.status == 404) {
        return {};
    }
    const JsonDocument document = JsonDocument::parse(response.body, "GET " + path);
    JsonWriter json;
    json.begin_object();
    json.key("actions");
    json.begin_array();
    std::size_t count = 0;
    for (const JsonMember& index : document.root().members()) {
        for (const JsonMember& alias : index.value.at("aliases").members()) {
            write_alias_action("remove", index.name, alias, false, json);
            write_alias_action("add", to, alias, true, json);
            ++count;
        }
    }
    json.end_array();
    json.end_object();
    if (count == 0) {
        return {};
    }
    HttpRequest request = json_request(HttpMethod::post, "/_aliases", std::string(json.text()));
    request.effect = HttpEffect::single_change;
    return send_change(cluster, request);
}

}  // namespace caretaker
