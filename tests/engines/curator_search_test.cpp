// SPDX-License-Identifier: Apache-2.0
// The same action file by Elastic Curator and by `caretaker rotate`, on two copies of the same
// state of a real server: the same end.
#include "tests/engines/curator_program.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/engines/rotate_search_fixture.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace caretaker::testing {
namespace {

class CuratorSearch : public RotateSearchFixture {
 protected:
    void SetUp() override {
        try {
            curator_ = curator_program();
        } catch (const EngineUnavailable& reason) {  // the one place that decides: fail or skip
            report_unavailable(reason);
            return;
        }
        RotateSearchFixture::SetUp();
    }

    /// Indices with their state, replicas and aliases, in words.
    static std::string describe() {
        std::string text;
        std::map<std::string, std::string> rows;
        const auto indices =
            server().request(HttpMethod::get, "/_cat/indices?format=json&h=index,status,rep");
        for (const auto& row : indices.GetArray()) {
            rows[json_text(row, "index")] =
                fmt::format("{} {}", json_text(row, "status"), json_text(row, "rep"));
        }
        const auto aliases =
            server().request(HttpMethod::get, "/_alias?expand_wildcards=open,closed");
        for (const auto& index : aliases.GetObject()) {
            for (const auto& alias : index.value["aliases"].GetObject()) {
                rows[index.name.GetString()] += fmt::format(" {}", alias.name.GetString());
            }
        }
        for (const auto& [name, row] : rows) {
            text += fmt::format("{}: {}\n", name, row);
        }
        return text;
    }

    void expect_same(const std::function<void()>& prepare, const std::string& actions) {
        prepare();
        const Finished curator = run_curator(curator_, server().url(), actions, home_.path());
        const std::string by_curator = describe();
        server().clear();
        prepare();
        const Rotation rotation = rotate(actions);
        EXPECT_EQ(describe(), by_curator) << curator.out << curator.err << rotation.err;
        EXPECT_EQ(rotation.exit_code == 0, curator.status.code == 0)
            << curator.out << curator.err << rotation.out << rotation.err;
    }

    std::filesystem::path curator_;
};

void create_logs(SearchServer& server) {
    for (const char* name : {"logs-2020.01.01",
                             "logs-2020.01.02",
                             "logs-2020.02.03",
                             "logs-2999.01.01",
                             "app-1.0",
                             "app-1.1",
                             "metrics-2020.03",
                             "plain"}) {
        server.create(name, 1);
    }
}

TEST_P(CuratorSearch, EndsAlikeInDeletingByAgeInTheName) {
    expect_same([] { create_logs(server()); }, R"(actions:
  1:
    action: delete_indices
    options: {ignore_empty_list: true}
    filters:
    - {filtertype: pattern, kind: prefix, value: logs-}
    - {filtertype: age, source: name, direction: older, timestring: '%Y.%m.%d', unit: days, unit_count: 30}
  2:
    action: delete_indices
    options: {ignore_empty_list: true}
    filters:
    - {filtertype: age, source: name, direction: older, timestring: '%Y.%m', unit: months, unit_count: 1}
    - {filtertype: pattern, kind: regex, value: '^metrics'}
)");
}

TEST_P(CuratorSearch, EndsAlikeInCountingAndClosing) {
    expect_same([] { create_logs(server()); }, R"(actions:
  1:
    action: close
    filters:
    - {filtertype: pattern, kind: prefix, value: logs-}
    - {filtertype: count, count: 2}
  2:
    action: replicas
    options: {count: 1}
    filters:
    - {filtertype: closed}
    - {filtertype: pattern, kind: regex, value: '^(app|plain)'}
  3:
    action: open
    filters:
    - {filtertype: opened}
    - {filtertype: pattern, kind: suffix, value: '01.01'}
)");
}

TEST_P(CuratorSearch, EndsAlikeInSwappingAnAlias) {
    expect_same(
        [] {
            create_logs(server());
            server().request(HttpMethod::post,
                             "/_aliases",
                             R"({"actions":[{"add":{"index":"app-1.0","alias":"now"}}]})");
        },
        R"(actions:
  1:
    action: alias
    options: {name: now}
    add: {filters: [{filtertype: pattern, kind: prefix, value: app-1.1}]}
    remove: {filters: [{filtertype: pattern, kind: prefix, value: app-}]}
  2:
    action: create_index
    options: {name: 'made-%Y', extra_settings: {settings: {number_of_shards: 1, number_of_replicas: 0}}}
)");
}

TEST_P(CuratorSearch, EndsAlikeAtAnEmptyList) {
    expect_same([] { create_logs(server()); }, R"(actions:
  1:
    action: delete_indices
    options: {ignore_empty_list: true}
    filters: [{filtertype: pattern, kind: prefix, value: nothing}]
  2:
    action: delete_indices
    filters: [{filtertype: pattern, kind: prefix, value: plain}]
)");
}

INSTANTIATE_TEST_SUITE_P(Elasticsearch,
                         CuratorSearch,
                         ::testing::Values(search_distribution_number("elasticsearch-7.17.28")),
                         engine_name);

}  // namespace
}  // namespace caretaker::testing
