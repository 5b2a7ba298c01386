// SPDX-License-Identifier: Apache-2.0
#include "served_json.hpp"

#include "tests/support/json.hpp"

#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace caretaker::sandbox {

ServiceAsker::ServiceAsker(const std::string& unix_socket)
    : http_(make_curl_http({.service = "sandbox",
                            .proxy = "none",
                            .unix_socket = unix_socket,
                            .stall_time = std::chrono::milliseconds(500)},
                           stop_)) {}

HttpResponse ServiceAsker::send(HttpMethod method,
                                const std::string& url,
                                const std::string& body,
                                std::vector<HttpHeader> headers) {
    return http_->send({.method = method, .url = url, .headers = std::move(headers), .body = body});
}

HttpResponse ServiceAsker::send_json(HttpMethod method,
                                     const std::string& url,
                                     const std::string& body) {
    return send(method, url, body, {{"Content-Type", "application/json"}});
}

HttpError ServiceAsker::fail_to_get(const std::string& url) {
    HttpOutcome outcome = try_send(*http_, {.url = url});
    if (std::holds_alternative<HttpResponse>(outcome)) {
        throw std::runtime_error("there is an answer from " + url);
    }
    return std::get<HttpError>(std::move(outcome));
}

const rapidjson::Document& ServiceAsker::json(const std::string& url) {
    const HttpResponse response = get(url);
    EXPECT_EQ(response.status, 200) << url << ": " << response.body;
    return keep_json(response.body);
}

const rapidjson::Document& ServiceAsker::keep_json(const std::string& body) {
    return documents_.emplace_back(testing::parse_json(body));
}

std::string read_recorded_body(std::string_view name) {
    std::ifstream file(std::string(CARETAKER_SOURCE_DIR) + "/tests/data/" + std::string(name),
                       std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) {
        throw std::runtime_error("no recorded answer: " + std::string(name));
    }
    return bytes.substr(end + 4);
}

}  // namespace caretaker::sandbox
