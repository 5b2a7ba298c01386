// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_answer.hpp"

#include "common/http/curl_request.hpp"

#include <algorithm>
#include <charconv>

namespace caretaker {

namespace {

constexpr std::size_t max_header_bytes = 1U << 20U;
constexpr std::size_t max_waiting_bytes = 256U << 10U;  // then the transfer pauses

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

/// 204 of "HTTP/1.1 204 No Content".
int status_of(std::string_view line) {
    const std::size_t blank = std::min(line.find(' '), line.size());
    const std::string_view rest = trim(line.substr(blank));
    int status = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), status);
    return status;
}

}  // namespace

void CurlAnswer::attach(CURL* easy) {
    set_option(easy, CURLOPT_WRITEFUNCTION, &CurlAnswer::on_body);
    set_option(easy, CURLOPT_WRITEDATA, this);
    set_option(easy, CURLOPT_HEADERFUNCTION, &CurlAnswer::on_header);
    set_option(easy, CURLOPT_HEADERDATA, this);
    set_option(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);  // a proxy's are not the service's
}

std::size_t CurlAnswer::read(std::span<char> buffer) {
    std::string& body = response_.body;
    const std::size_t count = std::min(buffer.size(), body.size() - taken_);
    std::copy_n(body.begin() + static_cast<std::ptrdiff_t>(taken_), count, buffer.begin());
    taken_ += count;
    if (taken_ == body.size()) {
        body.clear();
        taken_ = 0;
    }
    return count;
}

HttpResponse CurlAnswer::take() {
    return std::move(response_);
}

/// Returning another number than was given ends the transfer.
std::size_t CurlAnswer::on_body(const char* data,
                                std::size_t /*one*/,
                                std::size_t size,
                                void* self) {
    return static_cast<CurlAnswer*>(self)->take_body({data, size});
}

std::size_t CurlAnswer::on_header(const char* data,
                                  std::size_t /*one*/,
                                  std::size_t size,
                                  void* self) {
    return static_cast<CurlAnswer*>(self)->take_header({data, size}) ? size : 0;
}

std::size_t CurlAnswer::take_body(std::string_view data) {
    if (data.size() > max_body_bytes_ - body_bytes_) {
        is_too_large_ = true;
        return 0;
    }
    if (streaming_ && response_.body.size() - taken_ > max_waiting_bytes) {
        paused_ = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    body_bytes_ += data.size();
    response_.body += data;
    return data.size();
}

/// Called for each line, also for those of an interim answer (100) before the real one.
bool CurlAnswer::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > max_header_bytes) {
        is_too_large_ = true;
        return false;
    }
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/")) {
        response_.headers.clear();
        response_.status = status_of(line);
    } else if (colon != std::string_view::npos) {
        response_.headers.push_back(
            {std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
    } else if (trim(line).empty()) {
        streaming_ = streams_ && response_.status >= 200 && response_.status < 300;
    }
    return true;
}

}  // namespace caretaker
