// SPDX-License-Identifier: Apache-2.0
// The fake search engine's documents, as the documentation of optimistic concurrency control says.
#include "common/http/http.hpp"
#include "tests/sandbox/search_handlers.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker::sandbox {
namespace {

using testing::json_integer;
using testing::parse_json;

class StoredDocuments : public ::testing::Test {
 protected:
    void is(const std::string& version) { state_.version = *parse_search_version(version); }

    ServedAnswer ask(HttpMethod method, const std::string& url, const std::string& body = {}) {
        HttpRequest request{.method = method, .url = url, .body = body};
        if (!body.empty()) {
            request.headers.push_back({"Content-Type", "application/json"});
        }
        return answer_search(state_, request);
    }

    int put(const std::string& url) { return ask(HttpMethod::put, url, R"({"a":1})").status; }

    int del(const std::string& url) { return ask(HttpMethod::del, url).status; }

    SearchState state_{};
};

TEST_F(StoredDocuments, AreCreatedOnce) {
    is("elasticsearch-7.17.28");
    EXPECT_EQ(put("/locks/_doc/a?op_type=create"), 201);
    EXPECT_EQ(put("/locks/_doc/a?op_type=create"), 409);
    EXPECT_EQ(put("/locks/_create/a"), 409);
    EXPECT_EQ(put("/locks/_create/b"), 201);
    EXPECT_EQ(ask(HttpMethod::get, "/locks/_doc/c").status, 404);
    EXPECT_EQ(ask(HttpMethod::get, "/nope/_doc/a").status, 404);
}

TEST_F(StoredDocuments, AreComparedBySequenceNumber) {
    is("opensearch-2.19.3");
    EXPECT_EQ(put("/locks/_doc/a"), 201);
    const auto read = parse_json(ask(HttpMethod::get, "/locks/_doc/a").body);
    EXPECT_EQ(json_integer(read, "_seq_no"), 0);
    EXPECT_EQ(put("/locks/_doc/a?if_seq_no=0&if_primary_term=1"), 200);
    EXPECT_EQ(put("/locks/_doc/a?if_seq_no=0&if_primary_term=1"), 409);
    EXPECT_EQ(put("/locks/_doc/a?if_seq_no=0"), 400);
    EXPECT_EQ(put("/locks/_doc/a?version=2"), 400) << "internal versions compare nothing any more";
    EXPECT_EQ(del("/locks/_doc/a?if_seq_no=0&if_primary_term=1"), 409);
    EXPECT_EQ(del("/locks/_doc/a?if_seq_no=1&if_primary_term=1"), 200);
    EXPECT_EQ(del("/locks/_doc/a"), 404);
    EXPECT_EQ(put("/locks/_doc/a?if_seq_no=2&if_primary_term=1"), 409) << "it is not there";
}

TEST_F(StoredDocuments, AreComparedByVersionBefore) {
    is("elasticsearch-2.4.6");
    EXPECT_EQ(put("/locks/lease/a?op_type=create"), 201);
    EXPECT_EQ(put("/locks/lease/a?version=1"), 200);
    EXPECT_EQ(put("/locks/lease/a?version=1"), 409);
    EXPECT_EQ(del("/locks/lease/a?version=2"), 200);
    EXPECT_EQ(put("/locks/lease/a?op_type=create"), 201);
    const auto read = parse_json(ask(HttpMethod::get, "/locks/lease/a").body);
    EXPECT_EQ(json_integer(read, "_version"), 4) << "the version of a deleted one goes on";
}

TEST_F(StoredDocuments, MakeNoIndexWhereThatIsSwitchedOff) {
    is("elasticsearch-7.17.28");
    state_.cluster_settings["action.auto_create_index"] = "false";
    EXPECT_EQ(put("/locks/_doc/a"), 404);
    EXPECT_EQ(put("/locks"), 200);
    EXPECT_EQ(put("/locks/_doc/a"), 201);
}

}  // namespace
}  // namespace caretaker::sandbox
