// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_http.hpp"

#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/http/curl_failure.hpp"
#include "common/http/curl_library.hpp"
#include "common/http/curl_request.hpp"

#include <fmt/format.h>

#include <array>
#include <new>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::size_t max_header_bytes = 1U << 20U;

/// Where libcurl's callbacks put the answer.
struct Incoming {
    HttpResponse response{};
    std::size_t header_bytes = 0;
    std::uint64_t max_body_bytes = 0;
    bool is_too_large = false;
};

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

/// Returning another number than was given ends the transfer.
std::size_t on_body(const char* data, std::size_t /*one*/, std::size_t size, void* user) noexcept {
    Incoming& incoming = *static_cast<Incoming*>(user);
    std::string& body = incoming.response.body;
    if (size > incoming.max_body_bytes - body.size()) {
        incoming.is_too_large = true;
        return 0;
    }
    body.append(data, size);
    return size;
}

/// Called for each line, also for those of an interim answer (100) or a proxy before the real one.
std::size_t on_header(const char* data,
                      std::size_t /*one*/,
                      std::size_t size,
                      void* user) noexcept {
    Incoming& incoming = *static_cast<Incoming*>(user);
    const std::string_view line(data, size);
    incoming.header_bytes += size;
    if (incoming.header_bytes > max_header_bytes) {
        incoming.is_too_large = true;
        return 0;
    }
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/")) {
        incoming.response.headers.clear();
    } else if (colon != std::string_view::npos) {
        incoming.response.headers.push_back(
            {std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
    }
    return size;
}

/// "subject CN = es1, issuer CN = our CA, valid until May  4 03:15:07 2026 GMT" of the first
/// certificate.
std::string describe_certificate(CURL* easy) {
    curl_certinfo* info = nullptr;
    if (curl_library().easy_getinfo(easy, CURLINFO_CERTINFO, &info) != CURLE_OK ||
        info == nullptr || info->num_of_certs < 1) {
        return {};
    }

    struct Part {
        std::string_view key{};
        std::string_view word{};
    };

    static constexpr std::array parts{Part{"Subject:", "subject"},
                                      Part{"Issuer:", "issuer"},
                                      Part{"Expire date:", "valid until"}};
    std::string out;
    for (const curl_slist* line = info->certinfo[0]; line != nullptr; line = line->next) {
        const std::string_view text(line->data);
        for (const Part& part : parts) {
            if (text.starts_with(part.key)) {
                out += fmt::format(
                    "{}{} {}", out.empty() ? "" : ", ", part.word, text.substr(part.key.size()));
            }
        }
    }
    return out;
}

class CurlHttp final : public HttpClient {
 public:
    CurlHttp(HttpOptions options, const StopSignal& stop)
        : options_(std::move(options)), stop_(stop) {}

    HttpResponse send(const HttpRequest& request) override;

 private:
    void open();
    CURLcode perform(CURL* easy);
    std::string fetch_certificate(const HttpRequest& request);

    HttpOptions options_;
    const StopSignal& stop_;
    CurlMulti multi_{};
    CurlEasy easy_{};
};

void CurlHttp::open() {
    if (easy_) {
        return;
    }
    multi_.reset(curl_library().multi_init());
    easy_.reset(curl_library().easy_init());
    if (!multi_ || !easy_) {
        throw std::bad_alloc();
    }
}

/// Waits for libcurl's sockets and the stop signal at once, so that a stop ends the transfer
/// immediately.
CURLcode CurlHttp::perform(CURL* easy) {
    const CurlLibrary& curl = curl_library();
    const auto remove = [&](CURL* handle) { curl.multi_remove_handle(multi_.get(), handle); };
    curl.multi_add_handle(multi_.get(), easy);
    const std::unique_ptr<CURL, decltype(remove)> added(easy, remove);
    int running = 1;
    while (curl.multi_perform(multi_.get(), &running) == CURLM_OK && running > 0) {
        stop_.check();
        curl_waitfd wake{.fd = stop_.wait_fd(), .events = CURL_WAIT_POLLIN, .revents = 0};
        curl.multi_poll(multi_.get(), &wake, 1, 1'000, nullptr);
    }
    int queued = 0;
    const CURLMsg* message = curl.multi_info_read(multi_.get(), &queued);
    return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
}

/// After a failed handshake libcurl does not tell what certificate it saw, so this looks again: a
/// connection without verification, over which nothing is sent.
std::string CurlHttp::fetch_certificate(const HttpRequest& request) {
    const CurlEasy easy(curl_library().easy_init());
    if (!easy) {
        return {};
    }
    set_connection(easy.get(), request, options_);
    set_option(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    set_option(easy.get(), CURLOPT_CONNECT_ONLY, 1L);
    set_option(easy.get(), CURLOPT_CERTINFO, 1L);
    set_option(easy.get(), CURLOPT_SSL_VERIFYPEER, 0L);
    set_option(easy.get(), CURLOPT_SSL_VERIFYHOST, 0L);
    return perform(easy.get()) == CURLE_OK ? describe_certificate(easy.get()) : std::string{};
}

HttpResponse CurlHttp::send(const HttpRequest& request) {
    check_url(request.url);
    stop_.check();
    open();
    const CurlHeaders headers(request, options_);
    Incoming incoming{.max_body_bytes = options_.max_response_bytes};
    std::array<char, CURL_ERROR_SIZE> error_text{};

    CURL* easy = easy_.get();
    // The handle lives on, what its options point to does not.
    const std::unique_ptr<CURL, CurlEasyReset> reset_later(easy);
    set_connection(easy, request, options_);
    set_security(easy, options_);
    set_request(easy, request, options_);
    set_option(easy, CURLOPT_HTTPHEADER, headers.get());
    set_option(easy, CURLOPT_ERRORBUFFER, error_text.data());
    set_option(easy, CURLOPT_WRITEFUNCTION, &on_body);
    set_option(easy, CURLOPT_WRITEDATA, &incoming);
    set_option(easy, CURLOPT_HEADERFUNCTION, &on_header);
    set_option(easy, CURLOPT_HEADERDATA, &incoming);

    const CURLcode result = perform(easy);
    if (result != CURLE_OK) {
        CurlFailure failure{.code = result, .detail = error_text.data()};
        if (failure.detail.empty()) {
            failure.detail = curl_library().easy_strerror(result);
        }
        curl_library().easy_getinfo(easy, CURLINFO_OS_ERRNO, &failure.os_error);
        failure.is_too_large = incoming.is_too_large;
        if (is_certificate_refused(result)) {
            failure.certificate = fetch_certificate(request);
        }
        throw describe_failure(failure, request, options_);
    }
    long status = 0;
    curl_library().easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    incoming.response.status = static_cast<int>(status);
    return std::move(incoming.response);
}

}  // namespace

std::unique_ptr<HttpClient> make_curl_http(const HttpOptions& options, const StopSignal& stop) {
    return std::make_unique<CurlHttp>(options, stop);
}

std::string curl_library_version() {
    // Asking for the version is no request: a missing library is an answer here, not an error.
    try {
        return curl_library().version_info(CURLVERSION_NOW)->version;
    } catch (const RemoteError&) {
        return "missing";
    }
}

}  // namespace caretaker
