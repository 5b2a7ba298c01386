// SPDX-License-Identifier: Apache-2.0
// Answers of real servers, byte for byte over the wire and through the JSON readers.
#include "common/base/stop_signal.hpp"
#include "common/http/curl_http.hpp"
#include "common/http/redirecting_http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_elements.hpp"
#include "common/json/json_error.hpp"
#include "tests/support/fake_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class RecordedAnswers : public ::testing::Test {
 protected:
    /// What libcurl makes of the bytes.
    HttpOutcome replay(const std::string& bytes) {
        server_.answer("/t", {.body = bytes, .conduct = ServerConduct::garbage});
        return try_send(*make_curl_http(options_, stop_), {.url = server_.url("/t")});
    }

    HttpResponse replay_file(const std::string& name) {
        return take_answer(replay(read_file(fs::path(CARETAKER_SOURCE_DIR) / "tests/data" / name)));
    }

    /// Both readers must find the same number of members or elements; -1 where it is no JSON.
    static std::ptrdiff_t read_both_ways(const std::string& text) {
        std::ptrdiff_t streamed = 0;
        const std::vector<std::string_view> patterns{"/*"};
        std::size_t at = 0;
        const JsonSource source = [&](std::span<char> buffer) {
            const std::size_t count =
                text.copy(buffer.data(), std::min<std::size_t>(buffer.size(), 1'000), at);
            at += count;
            return count;
        };
        std::optional<JsonFault> fault;
        try {
            read_json_elements(source, "x", patterns, [&](const JsonElement&) { ++streamed; });
        } catch (const JsonError& error) {
            fault = error.fault();
        }
        try {
            const JsonDocument document = JsonDocument::parse(text, "x");
            const JsonView root = document.root();
            const std::size_t whole = root.is_object()  ? root.members().size()
                                      : root.is_array() ? root.elements().size()
                                                        : 0;
            EXPECT_EQ(fault, std::nullopt);
            EXPECT_EQ(static_cast<std::size_t>(streamed), whole);
            return streamed;
        } catch (const JsonError& error) {
            EXPECT_EQ(fault, error.fault()) << error.what();
            return -1;
        }
    }

    StopSignal stop_{};
    FakeServer server_{};
    HttpOptions options_{
        .service = "mesos", .proxy = "none", .stall_time = std::chrono::milliseconds(500)};
};

TEST_F(RecordedAnswers, HaveTheNumbersOfMesosWrittenAsFloats) {
    const HttpResponse response = replay_file("mesos/state-1.12-three-agents.http");
    const JsonDocument document = JsonDocument::parse(response.body, "mesos");
    EXPECT_EQ(document.root().at("activated_slaves").integer(), 3);
    EXPECT_EQ(document.root().at("slaves").elements().size(), 3U);
    EXPECT_GT(read_both_ways(response.body), 20);
}

TEST_F(RecordedAnswers, AreUnpackedWhereMesosPacksThem) {
    const HttpResponse response = replay_file("mesos/slaves-1.12-gzip.http");
    EXPECT_EQ(response.header("Content-Encoding"), "gzip");
    EXPECT_FALSE(
        JsonDocument::parse(response.body, "mesos").root().at("slaves").elements().empty());
}

TEST_F(RecordedAnswers, LeadFromAStandbyMasterToTheLeader) {
    const HttpResponse standby = replay_file("mesos/slaves-1.12-standby.http");
    ASSERT_TRUE(is_redirect(standby));
    const auto leader = resolve_location(*parse_url("http://master2.example:5050/master/slaves"),
                                         standby.header("Location"));
    ASSERT_TRUE(leader);
    EXPECT_EQ(format_url(*leader), "http://master1.example:5050/master/slaves");
}

/// For developers with recordings of their own.
TEST_F(RecordedAnswers, AreAllReadOrRefused) {
    const char* folder = std::getenv("CARETAKER_RECORDINGS");
    if (folder == nullptr) {
        GTEST_SKIP() << "CARETAKER_RECORDINGS names no folder";
    }
    int answers = 0;
    int documents = 0;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        SCOPED_TRACE(entry.path());
        if (entry.path().extension() == ".json") {
            EXPECT_GE(read_both_ways(read_file(entry.path())), 0);
            ++documents;
        } else if (entry.path().extension() == ".http") {
            const HttpOutcome outcome = replay(read_file(entry.path()));
            const auto* response = std::get_if<HttpResponse>(&outcome);
            ++answers;
            const bool is_stream = response != nullptr &&  // RecordIO, whatever its type says
                                   !response->header("Transfer-Encoding").empty();
            if (response != nullptr && response->ok() && !is_stream &&
                response->header("Content-Type") == "application/json") {
                EXPECT_GE(read_both_ways(response->body), 0) << response->body;
                ++documents;
            }
        }
    }
    std::cout << answers << " answers, " << documents << " documents\n";
    EXPECT_GT(answers + documents, 0);
}

}  // namespace
}  // namespace caretaker
