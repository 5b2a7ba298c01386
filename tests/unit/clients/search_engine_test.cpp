// SPDX-License-Identifier: Apache-2.0
// Engines told apart by what real ones answered, and what each can do.
#include "common/clients/search_engine.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace caretaker {
namespace {

SearchEngine read(const std::string& text) {
    const JsonDocument document = JsonDocument::parse(text, "elasticsearch: GET /");
    return read_search_engine(document.root());
}

SearchEngine recorded(const std::string& name) {
    std::ifstream file(std::string(CARETAKER_SOURCE_DIR) + "/tests/data/search/root-" + name +
                       ".json");
    return read({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
}

SearchEngine engine(SearchFamily family, EngineVersion version) {
    return {.family = family, .version = version};
}

TEST(SearchEngine, IsReadFromWhatRealOnesAnswered) {
    struct Case {
        std::string name;
        std::string description;
        EngineVersion version;
    };

    const std::vector<Case> cases{
        {"elasticsearch-1.7.6", "Elasticsearch 1.7.6", {1, 7, 6}},
        {"elasticsearch-2.4.6", "Elasticsearch 2.4.6", {2, 4, 6}},
        {"elasticsearch-5.6.16", "Elasticsearch 5.6.16", {5, 6, 16}},
        {"elasticsearch-6.8.23", "Elasticsearch 6.8.23", {6, 8, 23}},
        {"elasticsearch-7.17.28", "Elasticsearch 7.17.28", {7, 17, 28}},
        {"elasticsearch-8.6.2", "Elasticsearch 8.6.2", {8, 6, 2}},
        {"elasticsearch-9.2.0", "Elasticsearch 9.2.0", {9, 2, 0}},
        {"opensearch-2.19.3", "OpenSearch 2.19.3", {2, 19, 3}},
        {"opensearch-3.6.0", "OpenSearch 3.6.0", {3, 6, 0}},
    };
    for (const auto& [name, description, version] : cases) {
        const SearchEngine engine = recorded(name);
        EXPECT_EQ(describe_engine(engine), description);
        EXPECT_EQ(engine.version, version) << name;
        EXPECT_EQ(engine.cluster_name, "engines") << name;
        EXPECT_FALSE(engine.is_disguised) << name;
        EXPECT_FALSE(is_newer_than_known(engine)) << name;
    }
    EXPECT_EQ(recorded("elasticsearch-1.7.6").cluster_uuid, "");
    EXPECT_EQ(recorded("elasticsearch-2.4.6").cluster_uuid, "2JQTcxsEQpuC0TUsc8Tf_g");
    EXPECT_EQ(recorded("elasticsearch-9.2.0").cluster_uuid, "") << "_na_ is none";
    EXPECT_EQ(recorded("elasticsearch-6.8.23").flavor, "default");
    EXPECT_EQ(recorded("opensearch-2.19.3").flavor, "");
}

TEST(SearchEngine, IsKnownBehindItsDisguise) {
    const SearchEngine engine = read(
        R"({"version":{"number":"7.10.2"},"tagline":"The OpenSearch Project: https://opensearch.org/"})");
    EXPECT_EQ(engine.family, SearchFamily::opensearch);
    EXPECT_TRUE(engine.is_disguised);
    EXPECT_TRUE(has_feature(engine, SearchFeature::data_streams));
    EXPECT_FALSE(has_feature(engine, SearchFeature::force_merge_task));
    EXPECT_FALSE(has_feature(engine, SearchFeature::index_lifecycle));
    EXPECT_FALSE(is_newer_than_known(engine));
    const SearchEngine real =
        read(R"({"version":{"number":"7.10.2"},"tagline":"You Know, for Search"})");
    EXPECT_EQ(real.family, SearchFamily::elasticsearch);
    EXPECT_FALSE(real.is_disguised);
}

TEST(SearchEngine, MayBeAPreview) {
    const auto number = [](const std::string& text) {
        return read(R"({"version":{"number":")" + text + R"("},"tagline":"You Know, for Search"})");
    };
    EXPECT_EQ(number("6.0.0-rc1").version, (EngineVersion{6, 0, 0}));
    EXPECT_EQ(number("9.3.0-SNAPSHOT").version, (EngineVersion{9, 3, 0}));
    EXPECT_TRUE(is_newer_than_known(number("9.3.0-SNAPSHOT")));
    EXPECT_FALSE(is_newer_than_known(number("9.2.7")));
    for (const char* wrong :
         {"", "7", "7.1", "7.1.", "7.x.1", "-7.1.1", "7.1.1.1", "7.1.1 ", "v7.1.1"}) {
        EXPECT_THROW(number(wrong), JsonError) << wrong;
    }
}

TEST(SearchEngine, IsNothingElse) {
    for (const std::string text :
         {R"({})",
          R"([])",
          R"({"version":"1.12.0"})",
          R"({"version":{"number":7}})",
          R"({"version":{"number":"7.1.1"}})",
          R"({"version":{"number":"7.1.1"},"tagline":"another one"})",
          R"({"version":{"number":"7.1.1"},"tagline":["You Know, for Search"]})",
          R"({"version":{},"tagline":"You Know, for Search"})"}) {
        EXPECT_THROW(read(text), JsonError) << text;
    }
    try {
        read(R"({"version":{},"tagline":"You Know, for Search"})");
    } catch (const JsonError& error) {
        EXPECT_NE(std::string(error.what()).find("$.version.number is missing"), std::string::npos)
            << error.what();
    }
}

TEST(SearchFeature, BeginsAndEndsWithVersions) {
    using Feature = SearchFeature;

    struct Case {
        Feature feature;
        EngineVersion first;  // of Elasticsearch that has it
        EngineVersion last_without;
    };

    const std::vector<Case> cases{
        {Feature::creation_date, {1, 4, 0}, {1, 3, 9}},
        {Feature::strict_parameters, {5, 0, 0}, {2, 4, 6}},
        {Feature::body_needs_type, {6, 0, 0}, {5, 6, 16}},
        {Feature::force_merge, {2, 1, 0}, {2, 0, 2}},
        {Feature::force_merge_task, {8, 1, 0}, {7, 17, 28}},
        {Feature::rollover, {5, 0, 0}, {2, 4, 6}},
        {Feature::rollover_shard_size, {7, 12, 0}, {7, 11, 2}},
        {Feature::write_index, {6, 4, 0}, {6, 3, 2}},
        {Feature::index_lifecycle, {6, 6, 0}, {6, 5, 4}},
        {Feature::hidden_indices, {7, 7, 0}, {7, 6, 2}},
        {Feature::data_streams, {7, 9, 0}, {7, 8, 1}},
        {Feature::closed_index_stats, {7, 2, 0}, {7, 1, 1}},
        {Feature::reindex, {2, 3, 0}, {2, 2, 2}},
        {Feature::reindex_slices, {5, 1, 0}, {5, 0, 2}},
        {Feature::reindex_max_docs, {7, 3, 0}, {7, 2, 1}},
        {Feature::tasks, {2, 3, 0}, {2, 2, 2}},
        {Feature::stored_tasks, {5, 0, 0}, {2, 4, 6}},
        {Feature::node_roles, {5, 0, 0}, {2, 4, 6}},
        {Feature::searchable_snapshots, {7, 12, 0}, {7, 11, 2}},
        {Feature::parallel_snapshots, {7, 9, 0}, {7, 8, 1}},
        {Feature::paged_snapshots, {7, 14, 0}, {7, 13, 4}},
        {Feature::typeless_documents, {7, 0, 0}, {6, 8, 23}},
        {Feature::write_if_sequence, {6, 6, 0}, {6, 5, 4}},
        // These end: the first without comes behind the last with.
        {Feature::optimize, {2, 4, 6}, {5, 0, 0}},
        {Feature::synced_flush, {7, 17, 28}, {8, 0, 0}},
        {Feature::frozen_indices, {7, 17, 28}, {8, 0, 0}},
        {Feature::typed_mappings, {7, 17, 28}, {8, 0, 0}},
    };
    for (const auto& [feature, with, without] : cases) {
        EXPECT_TRUE(has_feature(engine(SearchFamily::elasticsearch, with), feature))
            << static_cast<int>(feature);
        EXPECT_FALSE(has_feature(engine(SearchFamily::elasticsearch, without), feature))
            << static_cast<int>(feature);
    }
}

TEST(SearchFeature, DiffersBetweenTheFamilies) {
    const SearchEngine opensearch = engine(SearchFamily::opensearch, {2, 19, 3});
    const SearchEngine elasticsearch = engine(SearchFamily::elasticsearch, {8, 6, 2});
    for (const auto only_elasticsearch : {SearchFeature::index_lifecycle,
                                          SearchFeature::rollover_shard_size,
                                          SearchFeature::searchable_snapshots,
                                          SearchFeature::paged_snapshots}) {
        EXPECT_TRUE(has_feature(elasticsearch, only_elasticsearch));
        EXPECT_FALSE(has_feature(opensearch, only_elasticsearch));
    }
    EXPECT_TRUE(has_feature(opensearch, SearchFeature::index_state_management));
    EXPECT_FALSE(has_feature(elasticsearch, SearchFeature::index_state_management));
    EXPECT_FALSE(has_feature(elasticsearch, SearchFeature::open_distro_policies));
    EXPECT_FALSE(has_feature(opensearch, SearchFeature::open_distro_policies));
    EXPECT_TRUE(has_feature(engine(SearchFamily::elasticsearch, {7, 10, 2}),
                            SearchFeature::open_distro_policies));
    EXPECT_EQ(describe_engine(unnamed_elasticsearch()), "Elasticsearch 7.14 or later");
    EXPECT_TRUE(has_feature(unnamed_elasticsearch(), SearchFeature::data_streams));
    EXPECT_TRUE(has_feature(opensearch, SearchFeature::shrink));
    EXPECT_TRUE(has_feature(opensearch, SearchFeature::resolve_index));
    EXPECT_TRUE(
        has_feature(engine(SearchFamily::opensearch, {1, 0, 0}), SearchFeature::write_if_sequence));
}

}  // namespace
}  // namespace caretaker
