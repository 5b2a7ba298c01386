// SPDX-License-Identifier: Apache-2.0
// Asking a service of the sandbox with the client that jobs use.
#pragma once

#include "common/base/stop_signal.hpp"
#include "common/http/curl_http.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

class ServiceAsker {
 public:
    /// With a path, over that unix socket.
    explicit ServiceAsker(const std::string& unix_socket = {});

    HttpResponse send(HttpMethod method,
                      const std::string& url,
                      const std::string& body = {},
                      std::vector<HttpHeader> headers = {});

    HttpResponse get(const std::string& url) { return send(HttpMethod::get, url); }

    /// With the JSON content type.
    HttpResponse send_json(HttpMethod method, const std::string& url, const std::string& body);

    /// Why there is no answer; fails the test where there is one.
    HttpError fail_to_get(const std::string& url);

    /// The document of a 200; it lives as long as the asker.
    const rapidjson::Document& json(const std::string& url);

    /// A body as a document that lives so, too.
    const rapidjson::Document& keep_json(const std::string& body);

 private:
    StopSignal stop_{};
    std::unique_ptr<HttpClient> http_;
    std::deque<rapidjson::Document> documents_{};
};

/// The body of a recorded answer in tests/data.
std::string read_recorded_body(std::string_view name);

}  // namespace caretaker::sandbox
