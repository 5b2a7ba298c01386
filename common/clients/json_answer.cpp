// SPDX-License-Identifier: Apache-2.0
#include "common/clients/json_answer.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr std::uint64_t largest_document = 1ULL << 30U;
constexpr int not_found = 404;

HttpResponse read_json_answer(ServiceHttp& http,
                              HttpRequest request,
                              std::string_view method,
                              const ReadJsonAnswer& read) {
    request.max_response_bytes = largest_document;
    const std::string what = fmt::format("{}: {} {}", http.name(), method, request.url);
    request.read_answer = [&](const HttpBodyReader& body) { read(body, what); };
    return http.require(request, {not_found});
}

}  // namespace

HttpResponse get_json_answer(ServiceHttp& http,
                             const std::string& url,
                             const ReadJsonAnswer& read) {
    return read_json_answer(http, {.url = url}, "GET", read);
}

HttpResponse ask_json_answer(ServiceHttp& http,
                             const std::string& url,
                             std::string call,
                             const ReadJsonAnswer& read) {
    return read_json_answer(
        http,
        {.method = HttpMethod::post,
         .url = url,
         .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
         .body = std::move(call),
         .effect = HttpEffect::read},
        "POST",
        read);
}

}  // namespace caretaker
