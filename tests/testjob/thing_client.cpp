// SPDX-License-Identifier: Apache-2.0
#include "tests/testjob/thing_client.hpp"

#include "common/json/json_document.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace caretaker::testing {

namespace {

constexpr int not_found = 404;

}  // namespace

std::vector<Thing> ThingClient::fetch_things() {
    const HttpResponse response = http_.require({.url = "/things"});
    const JsonDocument document = JsonDocument::parse(response.body, "GET /things");
    std::vector<Thing> things;
    for (const JsonView& thing : document.root().elements()) {
        things.push_back({.name = std::string(thing.at("name").text()),
                          .uuid = std::string(thing.at("uuid").text()),
                          .age_days = thing.at("age_days").integer(),
                          .bytes = thing.at("bytes").integer()});
    }
    return things;
}

void ThingClient::delete_things(std::span<const std::string> names) {
    http_.require(
        {.method = HttpMethod::del, .url = fmt::format("/things/{}", fmt::join(names, ","))},
        {not_found});
}

}  // namespace caretaker::testing
