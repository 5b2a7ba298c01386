// SPDX-License-Identifier: Apache-2.0
// Large answers, read while they arrive, and many at a time.
#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/http/curl_http.hpp"
#include "common/http/retrying_http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_elements.hpp"
#include "common/json/json_error.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/gzip_bomb.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace caretaker {
namespace {

constexpr std::size_t mib = 1U << 20U;

class CurlStreams : public ::testing::Test {
 protected:
    /// A request for a JSON document of which each element is counted.
    HttpRequest counting(const std::string& target, std::size_t& count) {
        HttpRequest request{.url = server_.url(target), .max_response_bytes = 1024 * mib};
        request.read_answer = [&count](const HttpBodyReader& reader) {
            count = 0;
            const std::vector<std::string_view> patterns{"/*"};
            read_json_elements(reader, "mesos", patterns, [&](const JsonElement&) { ++count; });
        };
        return request;
    }

    StopSignal stop_{};
    FakeServer server_{};
    HttpOptions options_{.service = "mesos", .proxy = "none"};
};

TEST_F(CurlStreams, SurviveAnAnswerOfNothingButBrackets) {
    server_.answer("/t", {.body = std::string(mib, '['), .repeat = 300});
    std::size_t count = 0;
    try {
        make_curl_http(options_, stop_)->send(counting("/t", count));
        FAIL();
    } catch (const JsonError& error) {
        EXPECT_EQ(error.fault(), JsonFault::depth) << error.what();
    }
    options_.max_response_bytes = 1024 * mib;
    const std::string body = make_curl_http(options_, stop_)->send({.url = server_.url("/t")}).body;
    ASSERT_EQ(body.size(), 300 * mib);
    EXPECT_THROW(JsonDocument::parse(body, "mesos"), JsonError);
}

TEST_F(CurlStreams, ReadMoreThanTheyKeep) {
    std::string elements;
    while (elements.size() < mib) {
        elements += R"({"id":"4711","name":"a task"},)";
    }
    server_.answer("/t", {.body = elements, .repeat = 10});
    std::size_t count = 0;
    const std::size_t in_each = std::size_t(std::count(elements.begin(), elements.end(), '{'));
    HttpRequest request = counting("/t", count);
    const auto inner = request.read_answer;
    request.read_answer = [&](const HttpBodyReader& reader) {
        // Makes one array of the pieces: brackets around, and a last element behind the comma.
        const std::array<std::string, 2> frame{"[", "0]"};
        std::size_t part = 0;
        inner([&](std::span<char> buffer) -> std::size_t {
            if (part == 1) {
                if (const std::size_t got = reader(buffer)) {
                    return got;
                }
                part = 2;
            }
            if (part > 2) {
                return 0;
            }
            const std::string& text = frame.at(part == 0 ? 0 : 1);
            ++part;
            return text.copy(buffer.data(), buffer.size());
        });
    };
    EXPECT_EQ(make_curl_http(options_, stop_)->send(request).status, 200);
    EXPECT_EQ(count, 10 * in_each + 1);
}

TEST_F(CurlStreams, PassTheirLimitLikeAnyAnswer) {
    server_.answer("/t", {.body = std::string(mib, ' '), .repeat = 3});
    std::size_t count = 0;
    HttpRequest request = counting("/t", count);
    request.max_response_bytes = 2 * mib;
    try {
        make_curl_http(options_, stop_)->send(request);
        FAIL();
    } catch (const HttpError& error) {
        EXPECT_EQ(error.code(), "response_too_large") << error.what();
    }
}

TEST_F(CurlStreams, AreUnpackedAsTheyAreRead) {
    constexpr std::size_t repeats = 60'000;  // 15.5 MB, far more than waits for the reader
    server_.answer(
        "/t",
        {.headers = {{"Content-Encoding", "gzip"}}, .body = testing::gzip_of_letters(repeats)});
    std::size_t letters = 0;
    std::array<char, 100'000> buffer{};
    HttpRequest request{.url = server_.url("/t"),
                        .max_response_bytes = testing::letters_in(repeats)};
    request.read_answer = [&](const HttpBodyReader& reader) {
        while (const std::size_t count = reader(buffer)) {
            letters += static_cast<std::size_t>(std::count(
                buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count), 'a'));
        }
    };
    EXPECT_EQ(make_curl_http(options_, stop_)->send(request).status, 200);
    EXPECT_EQ(letters, testing::letters_in(repeats));
    request.max_response_bytes = testing::letters_in(repeats) - 1;
    try {
        make_curl_http(options_, stop_)->send(request);
        FAIL();
    } catch (const HttpError& error) {
        EXPECT_EQ(error.code(), "response_too_large") << error.what();
    }
}

TEST_F(CurlStreams, AreReadAnewWhenTheyAreCut) {
    const std::string body = "[" + std::string(100'000, ' ') + "1,2,3]";
    server_.answer_in_turn(
        "/t",
        {{.body = body, .conduct = ServerConduct::half_body}, {.status = 503}, {.body = body}});
    std::size_t count = 0;
    FakeClock clock;
    const auto wire = make_curl_http(options_, stop_);
    RetryingHttp client(*wire, {}, clock, stop_);
    const HttpResponse response = client.send(counting("/t", count));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.tries, 3);
    EXPECT_EQ(count, 3U);
}

TEST_F(CurlStreams, MayBeLeftInTheMiddle) {
    server_.answer("/t", {.body = std::string(mib, 'x'), .repeat = 30});
    server_.answer("/u", {.body = "ok"});
    HttpRequest request{.url = server_.url("/t")};
    std::array<char, 10> buffer{};
    request.read_answer = [&](const HttpBodyReader& reader) { reader(buffer); };
    const auto client = make_curl_http(options_, stop_);
    EXPECT_EQ(client->send(request).status, 200);
    EXPECT_EQ(buffer[0], 'x');
    EXPECT_EQ(client->send({.url = server_.url("/u")}).body, "ok");
}

TEST_F(CurlStreams, AreFollowedHeadersFirstAndWithWaitsThatEnd) {
    server_.answer(
        "/t", {.headers = {{"Stream-Id", "s1"}}, .body = "[1,2]", .conduct = ServerConduct::stall});
    HttpRequest request{.url = server_.url("/t"), .may_be_silent = true};
    std::string id;
    std::string body;
    request.follow_answer = [&](HttpLiveAnswer& answer) {
        id = answer.header("stream-id");
        std::array<char, 3> buffer{};
        while (const auto count = answer.read(buffer, std::chrono::milliseconds(20))) {
            ASSERT_GT(*count, 0U);
            body.append(buffer.data(), *count);
        }
    };
    const auto client = make_curl_http(options_, stop_);
    EXPECT_EQ(client->send(request).status, 200);
    EXPECT_EQ(id, "s1");
    EXPECT_TRUE(std::string("[1,2]").starts_with(body)) << body;
    server_.answer("/u", {.body = "ok"});
    EXPECT_EQ(client->send({.url = server_.url("/u")}).body, "ok");
}

TEST_F(CurlStreams, AreFollowedToTheirEnd) {
    server_.answer("/t", {.body = std::string(mib, 'x'), .conduct = ServerConduct::chunked});
    server_.answer("/cut", {.body = "[1,2]", .conduct = ServerConduct::half_body});
    server_.answer("/no", {.status = 403, .body = "no"});
    HttpRequest request{.url = server_.url("/t")};
    std::size_t size = 0;
    std::array<char, 1'000> buffer{};
    request.follow_answer = [&](HttpLiveAnswer& answer) {
        while (const auto count = answer.read(buffer, std::chrono::minutes(1))) {
            if (*count == 0) {
                return;
            }
            size += *count;
        }
        FAIL() << "nothing came";
    };
    const auto client = make_curl_http(options_, stop_);
    EXPECT_EQ(client->send(request).status, 200);
    EXPECT_EQ(size, mib);
    request.url = server_.url("/cut");
    EXPECT_THROW(client->send(request), HttpError);
    request.url = server_.url("/no");
    request.follow_answer = [](HttpLiveAnswer&) { FAIL(); };
    EXPECT_EQ(client->send(request).body, "no");
}

TEST_F(CurlStreams, AreFollowedUntilAStop) {
    server_.answer("/t", {.body = "[1,2]", .conduct = ServerConduct::stall});
    HttpRequest request{
        .method = HttpMethod::post, .url = server_.url("/t"), .may_be_silent = true};
    request.follow_answer = [&](HttpLiveAnswer& answer) {
        std::array<char, 10> buffer{};
        while (answer.read(buffer, std::chrono::milliseconds(1))) {
        }
        stop_.request(SIGTERM);
        answer.read(buffer, std::chrono::hours(1));
        FAIL();
    };
    EXPECT_THROW(make_curl_http(options_, stop_)->send(request), Interrupted);
}

TEST_F(CurlStreams, EndWhenAStopIsRequested) {
    server_.answer("/t", {.body = "[1,2]", .conduct = ServerConduct::stall});
    std::size_t count = 0;
    std::thread stopper([this] {
        server_.wait_for_requests(1);
        stop_.request(SIGTERM);
    });
    EXPECT_THROW(make_curl_http(options_, stop_)->send(counting("/t", count)), Interrupted);
    stopper.join();
}

class CurlMany : public CurlStreams {
 protected:
    std::vector<HttpRequest> requests(std::size_t count, const std::string& target) {
        return std::vector<HttpRequest>(count, {.url = server_.url(target)});
    }
};

TEST_F(CurlMany, AreUnderWayAtTheSameTimeButNoMoreThanAllowed) {
    server_.answer("/t", {.body = "x", .conduct = ServerConduct::hold});
    std::thread releaser([this] {
        server_.wait_for_held(4);  // would never be reached one after the other
        server_.release();
    });
    std::size_t answered = 0;
    make_curl_http(options_, stop_)
        ->send_all(requests(12, "/t"), 4, [&](std::size_t, const HttpOutcome& outcome) {
            answered += std::get<HttpResponse>(outcome).body == "x" ? 1 : 0;
        });
    releaser.join();
    EXPECT_EQ(answered, 12U);
    EXPECT_LE(server_.connections(), 4U);
}

TEST_F(CurlMany, DoNotWaitForASilentOne) {
    server_.answer("/silent", {.conduct = ServerConduct::hang});
    server_.answer("/t", {});
    options_.request_timeout = std::chrono::milliseconds(100);
    std::vector<HttpRequest> mixed = requests(6, "/t");
    mixed[0].url = server_.url("/silent");
    std::vector<std::size_t> order;
    make_curl_http(options_, stop_)->send_all(mixed, 2, [&](std::size_t index, const HttpOutcome&) {
        order.push_back(index);
    });
    ASSERT_EQ(order.size(), 6U);
    EXPECT_EQ(order.back(), 0U);
}

TEST_F(CurlMany, EndWhenAStopIsRequested) {
    server_.answer("/t", {.conduct = ServerConduct::hang});
    std::thread stopper([this] {
        server_.wait_for_requests(3);
        stop_.request(SIGTERM);
    });
    EXPECT_THROW(make_curl_http(options_, stop_)
                     ->send_all(requests(9, "/t"), 3, [](std::size_t, const HttpOutcome&) {}),
                 Interrupted);
    stopper.join();
    EXPECT_EQ(server_.requests().size(), 3U);
}

TEST_F(CurlMany, ChangesOnTheWireFinishAfterAStopAndNoMoreAreSent) {
    server_.answer("/t", {.body = "done", .conduct = ServerConduct::hold});
    options_.stop_grace = std::chrono::minutes(1);
    std::vector<HttpRequest> deletes = requests(9, "/t");
    for (HttpRequest& request : deletes) {
        request.method = HttpMethod::del;
    }
    std::thread stopper([this] {
        server_.wait_for_held(3);
        stop_.request(SIGTERM);
        server_.release();
    });
    std::size_t done = 0;
    EXPECT_THROW(make_curl_http(options_, stop_)
                     ->send_all(deletes, 3, [&](std::size_t, const HttpOutcome&) { ++done; }),
                 Interrupted);
    stopper.join();
    EXPECT_EQ(done, 3U);
    EXPECT_EQ(server_.requests().size(), 3U);
}

}  // namespace
}  // namespace caretaker
