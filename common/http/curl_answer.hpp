// SPDX-License-Identifier: Apache-2.0
// Takes an answer from libcurl's callbacks.
#pragma once

#include "common/http/curl_library.hpp"
#include "common/http/http.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// Collects headers and body; a body that is read while it arrives waits here, a little of it.
class CurlAnswer {
 public:
    /// `streams`: bodies of status 2xx are for read().
    CurlAnswer(std::uint64_t max_body_bytes, bool streams)
        : max_body_bytes_(max_body_bytes), streams_(streams) {}

    /// Sets `easy` to call this object, which must outlive the transfer.
    void attach(CURL* easy);

    /// Whether all headers have come, and the body is one for read().
    [[nodiscard]] bool is_streaming() const { return streaming_; }

    [[nodiscard]] bool has_begun() const { return header_bytes_ > 0; }

    [[nodiscard]] bool is_too_large() const { return is_too_large_; }

    /// Of the headers that have come.
    [[nodiscard]] std::string_view header(std::string_view name) const {
        return response_.header(name);
    }

    /// Takes up to the buffer's size of what has arrived; 0 when nothing is there now.
    std::size_t read(std::span<char> buffer);

    [[nodiscard]] bool has_more() const { return taken_ < response_.body.size(); }

    /// Whether the transfer waits for room. Then CURLPAUSE_CONT is due.
    [[nodiscard]] bool is_paused() const { return paused_; }

    void resume() { paused_ = false; }

    /// Moves status, headers and body out; throws what a callback had to keep back.
    HttpResponse take();

 private:
    static std::size_t on_body(const char* data, std::size_t one, std::size_t size, void* self);
    static std::size_t on_header(const char* data, std::size_t one, std::size_t size, void* self);

    std::size_t take_body(std::string_view data);
    bool take_header(std::string_view line);

    HttpResponse response_{};
    std::size_t header_bytes_ = 0;
    std::uint64_t body_bytes_ = 0;
    std::uint64_t max_body_bytes_;
    std::size_t taken_ = 0;  // of the body, by read()
    bool streams_;
    bool streaming_ = false;
    bool paused_ = false;
    bool is_too_large_ = false;
};

}  // namespace caretaker
