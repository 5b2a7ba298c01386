// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/rotate_search_fixture.hpp"

#include "tests/engines/engine_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

namespace caretaker::testing {

namespace {

/// Not started again for each suite.
std::map<std::size_t, std::unique_ptr<SearchServer>>& servers() {
    static std::map<std::size_t, std::unique_ptr<SearchServer>> all;
    return all;
}

}  // namespace

void RotateSearchFixture::TearDownTestSuite() {
    servers().clear();
}

void RotateSearchFixture::SetUp() {
    try {
        std::unique_ptr<SearchServer>& server = servers()[GetParam()];
        if (!server) {
            server = std::make_unique<SearchServer>(search_distributions()[GetParam()]);
        }
        server->clear();
    } catch (const EngineUnavailable& reason) {  // the one place that decides: fail or skip
        report_unavailable(reason);
    }
}

SearchServer& RotateSearchFixture::server() {
    return *servers().at(GetParam());
}

Rotation RotateSearchFixture::rotate(const std::string& actions, std::vector<std::string> options) {
    return run_rotation({.binary = CARETAKER_BINARY,
                         .url = server().url(),
                         .home = home_,
                         .limit = std::chrono::minutes(2)},
                        actions,
                        std::move(options));
}

void RotateSearchFixture::add_repository(const std::string& name) {
    server().request(HttpMethod::put,
                     "/_snapshot/" + name,
                     fmt::format(R"({{"type":"fs","settings":{{"location":"{}/{}"}}}})",
                                 server().repository_folder(),
                                 name));
}

std::int64_t RotateSearchFixture::count_documents(const std::string& index) {
    server().request(HttpMethod::post, fmt::format("/{}/_refresh", index));
    const auto count = server().request(HttpMethod::get, fmt::format("/{}/_count", index));
    return json_at(count, "count").GetInt64();
}

std::string engine_name(const ::testing::TestParamInfo<std::size_t>& parameter) {
    std::string name(search_distributions()[parameter.param].name);
    std::ranges::replace_if(
        name, [](char c) { return c == '.' || c == '-'; }, '_');
    return name;
}

}  // namespace caretaker::testing
