// SPDX-License-Identifier: Apache-2.0
// libcurl against a server that keeps to nothing.
#include "common/http/curl_http.hpp"

#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/gzip_bomb.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <span>
#include <string>
#include <thread>

namespace caretaker {
namespace {

using std::chrono::milliseconds;

class CurlHttpTest : public ::testing::Test {
 protected:
    HttpResponse get(const std::string& url) {
        return make_curl_http(options_, stop_)->send({.url = url});
    }

    /// The error of a request that must fail.
    HttpError failure_of(const std::string& url) {
        try {
            const HttpResponse response = get(url);
            throw std::logic_error("status " + std::to_string(response.status) + " from " + url);
        } catch (const HttpError& error) {
            return error;
        }
    }

    HttpError failure_by(ServerConduct conduct, const std::string& body) {
        server_.answer("/t", {.body = body, .conduct = conduct});
        return failure_of(server_.url("/t"));
    }

    StopSignal stop_{};
    FakeServer server_{};
    HttpOptions options_{.service = "elasticsearch", .proxy = "none"};
};

TEST_F(CurlHttpTest, KeepsItsConnection) {
    server_.answer("/t", {.body = "x"});
    const auto client = make_curl_http(options_, stop_);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(client->send({.url = server_.url("/t")}).status, 200);
    }
    EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(CurlHttpTest, SendsTheHeadersItShouldAndNoOthers) {
    server_.answer("/t", {});
    options_.user_agent = "caretaker/0.1 (lag; 0192f)";
    options_.user = "elastic";
    options_.password = "p:w";
    make_curl_http(options_, stop_)
        ->send({.method = HttpMethod::post,
                .url = server_.url("/t"),
                .body = std::string(2'000'000, 'x')});
    const HttpRequest seen = server_.requests().front();
    const HttpResponse headers{.headers = seen.headers};
    EXPECT_EQ(headers.header("user-agent"), "caretaker/0.1 (lag; 0192f)");
    EXPECT_EQ(headers.header("authorization"), "Basic ZWxhc3RpYzpwOnc=");
    EXPECT_NE(headers.header("accept-encoding").find("gzip"), std::string_view::npos);
    EXPECT_EQ(headers.header("expect"), "");
    EXPECT_EQ(headers.header("content-type"), "");
    EXPECT_EQ(seen.body.size(), 2'000'000U);
}

TEST_F(CurlHttpTest, SendsATokenUnlessTheRequestHasItsOwn) {
    server_.answer("/t", {});
    options_.token = "abc";
    const auto client = make_curl_http(options_, stop_);
    client->send({.url = server_.url("/t")});
    client->send({.url = server_.url("/t"), .headers = {{"authorization", "ApiKey k"}}});
    const auto requests = server_.requests();
    EXPECT_EQ(HttpResponse{.headers = requests[0].headers}.header("Authorization"), "Bearer abc");
    EXPECT_EQ(HttpResponse{.headers = requests[1].headers}.header("Authorization"), "ApiKey k");
}

TEST_F(CurlHttpTest, ReadsACompressedAnswer) {
    const std::array<unsigned char, 25> hello{0x1F, 0x8B, 8,    0,    0,    0,    0,    0,    0,
                                              3,    0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x86,
                                              0xA6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00};
    server_.answer(
        "/t", {.headers = {{"Content-Encoding", "gzip"}}, .body = {hello.begin(), hello.end()}});
    EXPECT_EQ(get(server_.url("/t")).body, "hello");
}

TEST_F(CurlHttpTest, CountsAnAnswersSizeAfterDecompression) {
    options_.max_response_bytes = 1'000'000;
    const std::string bomb = testing::gzip_of_letters(100'000);  // 25.8 MB
    ASSERT_LT(bomb.size(), options_.max_response_bytes);
    server_.answer("/t", {.headers = {{"Content-Encoding", "gzip"}}, .body = bomb});
    const HttpError error = failure_of(server_.url("/t"));
    EXPECT_EQ(error.code(), "response_too_large") << error.what();
    EXPECT_NE(std::string(error.what()).find("977 KiB"), std::string::npos) << error.what();
}

TEST_F(CurlHttpTest, TakesADamagedCompressedAnswerForAFailure) {
    server_.answer("/t",
                   {.headers = {{"Content-Encoding", "gzip"}}, .body = "this is no gzip at all"});
    EXPECT_EQ(failure_of(server_.url("/t")).failure(), RemoteFailure::failed);
}

TEST_F(CurlHttpTest, RefusesHeadersWithoutEnd) {
    server_.answer("/t", {.headers = {{"X-Large", std::string(2'000'000, 'x')}}});
    EXPECT_NE(failure_of(server_.url("/t")).failure(), RemoteFailure::denied);
}

TEST_F(CurlHttpTest, FindsAServiceUnreachableThatBreaksOff) {
    for (const auto conduct :
         {ServerConduct::half_body, ServerConduct::reset, ServerConduct::close}) {
        const HttpError error = failure_by(conduct, "0123456789");
        EXPECT_EQ(error.failure(), RemoteFailure::unreachable) << error.what();
        EXPECT_EQ(error.code(), "http_cut") << error.what();
    }
}

TEST_F(CurlHttpTest, FindsAServiceUnreachableThatTakesTooLong) {
    options_.request_timeout = milliseconds(100);
    for (const auto conduct : {ServerConduct::hang, ServerConduct::drip}) {
        const HttpError error = failure_by(conduct, std::string(100'000, 'x'));
        EXPECT_EQ(error.failure(), RemoteFailure::unreachable) << error.what();
        EXPECT_EQ(error.code(), "http_timeout") << error.what();
    }
}

TEST_F(CurlHttpTest, FindsAServiceUnreachableThatDoesNotListen) {
    const HttpError error =
        failure_of("http://127.0.0.1:" + std::to_string(testing::free_tcp_port()) + "/t");
    EXPECT_EQ(error.failure(), RemoteFailure::unreachable);
    EXPECT_NE(std::string(error.what()).find("Connection refused"), std::string::npos)
        << error.what();
}

TEST_F(CurlHttpTest, FindsAServiceUnreachableWhoseNameDoesNotExist) {
    const HttpError error = failure_of("http://no-such-host.invalid:9200/t");
    EXPECT_EQ(error.failure(), RemoteFailure::unreachable);
    EXPECT_NE(std::string(error.what()).find("no-such-host.invalid"), std::string::npos)
        << error.what();
}

TEST_F(CurlHttpTest, TakesSomethingElseThanHttpForAFailure) {
    for (const std::string garbage :
         {"SSH-2.0-OpenSSH_9.2\r\n", "\x15\x03\x01\x00\x02\x02\x50", "{}\n"}) {
        const HttpError error = failure_by(ServerConduct::garbage, garbage);
        EXPECT_EQ(error.failure(), RemoteFailure::failed) << error.what();
        EXPECT_EQ(error.code(), "not_http") << error.what();
    }
}

TEST_F(CurlHttpTest, EndsARunningTransferWhenAStopIsRequested) {
    server_.answer("/t", {.conduct = ServerConduct::hang});
    std::thread stopper([this] {
        server_.wait_for_requests(1);
        stop_.request(SIGTERM);
    });
    EXPECT_THROW(get(server_.url("/t")), Interrupted);  // the server answers within the hour
    stopper.join();
}

TEST_F(CurlHttpTest, LetsAChangeOnTheWireFinishAfterAStop) {
    server_.answer("/t", {.body = "deleted", .conduct = ServerConduct::hold});
    std::thread stopper([this] {
        server_.wait_for_held(1);
        stop_.request(SIGTERM);
        server_.release();
    });
    options_.stop_grace = std::chrono::minutes(1);
    const auto client = make_curl_http(options_, stop_);
    EXPECT_EQ(client->send({.method = HttpMethod::del, .url = server_.url("/t")}).body, "deleted");
    stopper.join();
    EXPECT_THROW(client->send({.method = HttpMethod::del, .url = server_.url("/t")}), Interrupted);
}

TEST_F(CurlHttpTest, EndsAChangeThatDoesNotFinishAfterAStop) {
    server_.answer("/t", {.conduct = ServerConduct::hang});
    std::thread stopper([this] {
        server_.wait_for_requests(1);
        stop_.request(SIGTERM);
    });
    options_.stop_grace = milliseconds(10);
    const auto client = make_curl_http(options_, stop_);
    EXPECT_THROW(client->send({.method = HttpMethod::del, .url = server_.url("/t")}), Interrupted);
    stopper.join();
}

TEST_F(CurlHttpTest, FindsAServiceUnreachableThatStandsStill) {
    options_.stall_time = milliseconds(50);
    for (const auto conduct : {ServerConduct::stall, ServerConduct::hang}) {
        const HttpError error = failure_by(conduct, std::string(100, 'x'));
        EXPECT_EQ(error.failure(), RemoteFailure::unreachable) << error.what();
        EXPECT_EQ(error.code(), "http_stalled") << error.what();
    }
}

TEST_F(CurlHttpTest, TakesSilenceForNoStallWhereItIsExpected) {
    server_.answer("/t", {.conduct = ServerConduct::hang});
    options_.stall_time = milliseconds(20);
    try {
        make_curl_http(options_, stop_)
            ->send({.url = server_.url("/t"), .timeout = milliseconds(200), .may_be_silent = true});
        FAIL();
    } catch (const HttpError& error) {
        EXPECT_EQ(error.code(), "http_timeout") << error.what();
        EXPECT_TRUE(error.progress().request_sent);
        EXPECT_FALSE(error.progress().answer_begun);
    }
}

TEST_F(CurlHttpTest, SaysHowFarARequestCame) {
    const auto progress = [&](const std::string& url) {
        try {
            get(url);
        } catch (const HttpError& error) {
            return std::string(error.progress().request_sent ? "sent" : "unsent") +
                   (error.progress().answer_begun ? " begun" : "");
        }
        return std::string("answered");
    };
    server_.answer("/reset", {.conduct = ServerConduct::reset});
    server_.answer("/half", {.body = "0123456789", .conduct = ServerConduct::half_body});
    EXPECT_EQ(progress("http://127.0.0.1:" + std::to_string(testing::free_tcp_port())), "unsent");
    EXPECT_EQ(progress("http://no-such-host.invalid/"), "unsent");
    EXPECT_EQ(progress(server_.url("/reset")), "sent");
    EXPECT_EQ(progress(server_.url("/half")), "sent begun");
}

TEST_F(CurlHttpTest, NeverSendsAChangeAgainByItself) {
    // libcurl sends a request again when a connection that it kept turns out dead.
    server_.answer("/ok", {});
    server_.answer("/change", {.conduct = ServerConduct::close});
    const auto client = make_curl_http(options_, stop_);
    for (const HttpMethod method : {HttpMethod::post, HttpMethod::del, HttpMethod::put}) {
        const std::size_t before = server_.requests().size();
        client->send({.url = server_.url("/ok")});
        EXPECT_THROW(client->send({.method = method, .url = server_.url("/change")}), HttpError);
        EXPECT_EQ(server_.requests().size(), before + 2);
    }
}

TEST_F(CurlHttpTest, ReadsAnAnswerInChunks) {
    const std::string body(1'000, 'x');
    server_.answer("/t", {.body = body, .conduct = ServerConduct::chunked});
    EXPECT_EQ(get(server_.url("/t")).body, body);
}

TEST_F(CurlHttpTest, SendsABodyPieceByPiece) {
    server_.answer("/t", {});
    for (const bool known : {true, false}) {
        HttpRequest request{.method = HttpMethod::post, .url = server_.url("/t")};
        request.open_body = [] {
            return [left = std::size_t{3'000'000}](std::span<char> buffer) mutable {
                const std::size_t count = std::min(buffer.size(), left);
                std::fill_n(buffer.begin(), count, 'b');
                left -= count;
                return count;
            };
        };
        if (known) {
            request.body_size = 3'000'000;
        }
        EXPECT_EQ(make_curl_http(options_, stop_)->send(request).status, 200);
        const HttpRequest seen = server_.requests().back();
        EXPECT_EQ(seen.method, HttpMethod::post);
        EXPECT_EQ(seen.body, std::string(3'000'000, 'b'));
        EXPECT_EQ(find_header(seen.headers, "Content-Length"), known ? "3000000" : "");
    }
}

TEST_F(CurlHttpTest, PassesOnWhatTheReaderOfABodyToSendThrows) {
    server_.answer("/t", {});
    HttpRequest request{.method = HttpMethod::put, .url = server_.url("/t")};
    request.open_body = [] {
        return [](std::span<char>) -> std::size_t { throw UsageError("cannot read"); };
    };
    EXPECT_THROW(make_curl_http(options_, stop_)->send(request), UsageError);
}

TEST_F(CurlHttpTest, SendsTheHeadersOfItsOptionsUnlessTheRequestHasItsOwn) {
    server_.answer("/t", {});
    options_.headers = {{"X-A", "1"}, {"X-B", "2"}};
    make_curl_http(options_, stop_)->send({.url = server_.url("/t"), .headers = {{"x-b", "3"}}});
    const HttpRequest seen = server_.requests().back();
    EXPECT_EQ(find_header(seen.headers, "x-a"), "1");
    EXPECT_EQ(find_header(seen.headers, "x-b"), "3");
}

TEST_F(CurlHttpTest, ShowsWhatItDoesWithoutSecrets) {
    std::string log;
    options_.trace = [&](std::string_view line) { log.append(line).append("\n"); };
    options_.user = "elastic";
    options_.password = "hunter22";
    options_.headers = {{"X-Auth-Token", "tok-1234"}};
    server_.answer("/t?token=abcdef", {.headers = {{"Set-Cookie", "sid=geheim"}}, .body = "data"});
    get(server_.url("/t?token=abcdef"));
    EXPECT_NE(log.find("> GET /t?token=*** HTTP/1.1"), std::string::npos) << log;
    EXPECT_NE(log.find("< HTTP/1.1 200"), std::string::npos) << log;
    for (const char* secret :
         {"hunter22", "ZWxhc3RpYzpodW50ZXIyMg", "tok-1234", "abcdef", "geheim"}) {
        EXPECT_EQ(log.find(secret), std::string::npos) << log;
    }
}

TEST_F(CurlHttpTest, TalksOverAUnixSocket) {
    const TempDir dir;
    FakeServer docker(dir.file("docker.sock"));
    docker.answer("/version", {.body = "24"});
    options_.unix_socket = dir.file("docker.sock");
    ::setenv("http_proxy", "http://proxy.invalid:1", 1);
    options_.proxy = "";
    EXPECT_EQ(get("http://localhost/version").body, "24");
    ::unsetenv("http_proxy");
}

TEST_F(CurlHttpTest, LeavesTheProxyAsideForTheHostsNamed) {
    server_.answer("/t", {.body = "direct"});
    options_.proxy = "http://proxy.invalid:1";
    options_.no_proxy = "127.0.0.1";
    EXPECT_EQ(get(server_.url("/t")).body, "direct");
}

TEST_F(CurlHttpTest, UsesAUnixSocketPathInsteadOfTcp) {
    options_.unix_socket = "/nonexistent/docker.sock";
    EXPECT_EQ(failure_of(server_.url("/t")).failure(), RemoteFailure::unreachable);
    EXPECT_TRUE(server_.requests().empty());
}

TEST_F(CurlHttpTest, AsksTheProxyThatItIsGiven) {
    server_.answer("http://es1.invalid:9200/t", {.body = "by proxy"});
    options_.proxy = server_.url("");
    EXPECT_EQ(get("http://es1.invalid:9200/t").body, "by proxy");
}

TEST_F(CurlHttpTest, LeavesTheProxyOfTheEnvironmentAsideForNone) {
    server_.answer("/t", {.body = "direct"});
    ::setenv("http_proxy", "http://proxy.invalid:1", 1);
    EXPECT_EQ(get(server_.url("/t")).body, "direct");
    ::unsetenv("http_proxy");
}

TEST_F(CurlHttpTest, RefusesWhatIsNoHttpUrl) {
    for (const std::string url : {"",
                                  "file:///etc/passwd",
                                  "gopher://h/",
                                  "es1:9200",
                                  "http://h/a b",
                                  "http://h/\r\nX: y",
                                  "http://u:geheim@h/ "}) {
        try {
            get(url);
            ADD_FAILURE() << url;
        } catch (const UsageError& error) {
            EXPECT_EQ(std::string(error.what()).find("geheim"), std::string::npos) << error.what();
        }
    }
}

TEST_F(CurlHttpTest, RefusesAHeaderThatWouldBecomeTwo) {
    const auto client = make_curl_http(options_, stop_);
    for (const HttpHeader& header : {HttpHeader{"X", "a\r\nY: b"},
                                     HttpHeader{"X\nY", "b"},
                                     HttpHeader{"X:Y", "b"},
                                     HttpHeader{"", "b"}}) {
        EXPECT_THROW(client->send({.url = server_.url("/t"), .headers = {header}}), UsageError);
    }
    EXPECT_TRUE(server_.requests().empty());
}

TEST(CurlLibrary, TellsItsVersion) {
    EXPECT_TRUE(curl_library_version().starts_with("7.") ||
                curl_library_version().starts_with("8."));
}

}  // namespace
}  // namespace caretaker
