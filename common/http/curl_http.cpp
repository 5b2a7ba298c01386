// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_http.hpp"

#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/http/curl_certificate.hpp"
#include "common/http/curl_failure.hpp"
#include "common/http/curl_library.hpp"
#include "common/http/curl_multi_loop.hpp"
#include "common/http/curl_request.hpp"
#include "common/http/curl_transfer.hpp"

#include <algorithm>
#include <list>
#include <new>
#include <optional>
#include <stdexcept>
#include <vector>

namespace caretaker {

namespace {

CurlEasy make_easy() {
    CurlEasy easy(curl_library().easy_init());
    if (!easy) {
        throw std::bad_alloc();
    }
    return easy;
}

class CurlHttp final : public HttpClient {
 public:
    CurlHttp(HttpOptions options, const StopSignal& stop)
        : options_(std::move(options)), stop_(stop) {}

    HttpResponse send(const HttpRequest& request) override;
    void send_all(std::span<const HttpRequest> requests,
                  std::size_t max_parallel,
                  const HttpOnOutcome& on_outcome) override;

 private:
    /// A transfer among others.
    struct Running {
        Running(CurlMultiLoop& loop,
                CURL* easy,
                const HttpRequest& sent,
                const HttpOptions& options,
                std::size_t number)
            : request(sent), transfer(easy, sent, options), member(loop, easy), index(number) {}

        const HttpRequest& request;
        CurlTransfer transfer;
        CurlMultiLoop::Membership member;
        std::size_t index;
    };

    class Followed;

    void open();
    [[nodiscard]] std::chrono::milliseconds patience() const;
    static bool may_finish(const Running& running);
    std::optional<CURLcode> step(const Running& running);
    std::optional<std::size_t> read_some(Running& running,
                                         std::optional<CURLcode>& result,
                                         std::span<char> buffer,
                                         std::optional<std::chrono::milliseconds> limit = {});
    std::list<Running>::iterator wait_for_one(std::list<Running>& all, CURLcode& result);
    std::string certificate_behind(CURLcode result, const HttpRequest& request);
    HttpResponse finish(Running& running, CURLcode result);
    HttpOutcome outcome_of(Running& running, CURLcode result);

    HttpOptions options_;
    const StopSignal& stop_;
    std::optional<CurlMultiLoop> loop_{};
    std::vector<CurlEasy> handles_{};  // the first is that of send()
};

void CurlHttp::open() {
    if (!loop_) {
        loop_.emplace(stop_, patience());
        handles_.push_back(make_easy());
    }
}

/// Short enough to notice a stall in time.
std::chrono::milliseconds CurlHttp::patience() const {
    return std::clamp(
        options_.stall_time / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(1'000));
}

/// After a failed handshake libcurl does not tell what certificate it saw, so this looks again: a
/// connection without verification, over which nothing is sent.
std::string CurlHttp::certificate_behind(CURLcode result, const HttpRequest& request) {
    if (!is_certificate_refused(result)) {
        return {};
    }
    CurlMultiLoop alone(stop_, patience());
    const CurlEasy easy = make_easy();
    set_connection(easy.get(), request, options_);
    set_option(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    set_option(easy.get(), CURLOPT_CONNECT_ONLY, 1L);
    set_option(easy.get(), CURLOPT_SSL_VERIFYPEER, 0L);
    set_option(easy.get(), CURLOPT_SSL_VERIFYHOST, 0L);
    if (alone.run(easy.get()) != CURLE_OK) {
        return {};
    }
    const auto certificate = read_certificate(easy.get());
    return certificate ? describe_certificate(*certificate) : std::string();
}

/// A change that is on the wire may finish after a stop: its outcome is worth knowing. One that is
/// followed has no end to wait for.
bool CurlHttp::may_finish(const Running& running) {
    return !running.request.follow_answer && effect_of(running.request) != HttpEffect::read &&
           running.transfer.has_sent();
}

std::optional<CURLcode> CurlHttp::step(const Running& running) {
    loop_->set_grace(may_finish(running) ? options_.stop_grace : std::chrono::milliseconds(0));
    const auto done = loop_->step();
    return done ? std::optional(done->second) : std::nullopt;
}

HttpResponse CurlHttp::finish(Running& running, CURLcode result) {
    return running.transfer.finish(result, certificate_behind(result, running.request));
}

/// Some of the body; waits for it, up to `limit` where there is one. 0 at its end.
std::optional<std::size_t> CurlHttp::read_some(Running& running,
                                               std::optional<CURLcode>& result,
                                               std::span<char> buffer,
                                               std::optional<std::chrono::milliseconds> limit) {
    using SteadyClock = std::chrono::steady_clock;
    const auto end = SteadyClock::now() + limit.value_or(std::chrono::milliseconds(0));
    CurlAnswer& answer = running.transfer.answer();
    running.transfer.go_on();
    while (true) {
        const std::size_t count = answer.read(buffer);
        if (count > 0 || buffer.empty()) {
            return count;
        }
        if (result) {
            if (*result != CURLE_OK) {
                finish(running, *result);
            }
            return 0;
        }
        if (answer.is_paused()) {
            answer.resume();
            // Hands out what waited inside libcurl; a limit that this passes shows here alone.
            const CURLcode resumed =
                curl_library().easy_pause(running.transfer.easy(), CURLPAUSE_CONT);
            if (resumed != CURLE_OK) {
                result = resumed;
            }
            continue;
        }
        result = step(running);
        if (result || answer.has_more()) {
            continue;
        }
        const auto now = SteadyClock::now();
        if (limit && now >= end) {
            return std::nullopt;
        }
        loop_->wait(limit ? std::chrono::ceil<std::chrono::milliseconds>(end - now) : patience());
    }
}

/// One answer of the client's that is followed.
class CurlHttp::Followed final : public HttpLiveAnswer {
 public:
    Followed(CurlHttp& http, Running& running, std::optional<CURLcode>& result)
        : http_(http), running_(running), result_(result) {}

    [[nodiscard]] std::string_view header(std::string_view name) const override {
        return running_.transfer.answer().header(name);
    }

    std::optional<std::size_t> read(std::span<char> buffer,
                                    std::chrono::milliseconds limit) override {
        http_.stop_.check();
        return http_.read_some(running_, result_, buffer, limit);
    }

 private:
    CurlHttp& http_;
    Running& running_;
    std::optional<CURLcode>& result_;
};

HttpResponse CurlHttp::send(const HttpRequest& request) {
    check_url(request.url);
    stop_.check();
    open();
    Running running(*loop_, handles_.front().get(), request, options_, 0);
    const CurlAnswer& answer = running.transfer.answer();
    std::optional<CURLcode> result = step(running);
    while (!result && !answer.is_streaming()) {
        loop_->wait();
        result = step(running);
    }
    if (!answer.is_streaming()) {
        return finish(running, *result);
    }
    if (request.follow_answer) {
        Followed followed(*this, running, result);
        request.follow_answer(followed);
    } else {
        request.read_answer(
            [&](std::span<char> buffer) { return read_some(running, result, buffer).value_or(0); });
    }
    return finish(running, CURLE_OK);
}

HttpOutcome CurlHttp::outcome_of(Running& running, CURLcode result) {
    // One answer of many: who asked for them decides what its failure means.
    try {
        return finish(running, result);
    } catch (const HttpError& error) {
        return error;
    }
}

/// Waits until one of the transfers is over.
std::list<CurlHttp::Running>::iterator CurlHttp::wait_for_one(std::list<Running>& all,
                                                              CURLcode& result) {
    while (true) {
        const bool any = std::ranges::any_of(all, may_finish);
        loop_->set_grace(any ? options_.stop_grace : std::chrono::milliseconds(0));
        if (const auto done = loop_->step()) {
            result = done->second;
            return std::ranges::find_if(
                all, [&](const Running& one) { return one.transfer.easy() == done->first; });
        }
        loop_->wait();
    }
}

void CurlHttp::send_all(std::span<const HttpRequest> requests,
                        std::size_t max_parallel,
                        const HttpOnOutcome& on_outcome) {
    stop_.check();
    for (const HttpRequest& request : requests) {
        check_url(request.url);
        if (request.read_answer || request.follow_answer) {
            throw std::logic_error(
                "an answer that is read while it arrives is for a request that is sent alone");
        }
    }
    open();
    while (handles_.size() < std::min(max_parallel, requests.size())) {
        handles_.push_back(make_easy());
    }
    std::vector<CURL*> idle;
    for (const CurlEasy& easy : handles_) {
        idle.push_back(easy.get());
    }
    std::list<Running> all;
    std::size_t next = 0;
    while (next < requests.size() || !all.empty()) {
        if (all.empty()) {
            stop_.check();
        }
        while (next < requests.size() && all.size() < std::max<std::size_t>(max_parallel, 1) &&
               !stop_.requested()) {
            all.emplace_back(*loop_, idle.back(), requests[next], options_, next);
            idle.pop_back();
            ++next;
        }
        if (all.empty()) {
            continue;
        }
        CURLcode result = CURLE_OK;
        const auto ended = wait_for_one(all, result);
        const std::size_t index = ended->index;
        HttpOutcome outcome = outcome_of(*ended, result);
        idle.push_back(ended->transfer.easy());
        all.erase(ended);
        on_outcome(index, std::move(outcome));
    }
}

}  // namespace

std::unique_ptr<HttpClient> make_curl_http(const HttpOptions& options, const StopSignal& stop) {
    return std::make_unique<CurlHttp>(options, stop);
}

namespace {

/// Asking for a version is no request: a missing library is an answer here, not an error.
std::string curl_fact(const char* curl_version_info_data::*fact) {
    try {
        const char* const text = curl_library().version_info(CURLVERSION_NOW)->*fact;
        return text == nullptr ? "none" : text;
    } catch (const RemoteError&) {
        return "missing";
    }
}

}  // namespace

std::string curl_library_version() {
    return curl_fact(&curl_version_info_data::version);
}

std::string curl_tls_version() {
    return curl_fact(&curl_version_info_data::ssl_version);
}

}  // namespace caretaker
