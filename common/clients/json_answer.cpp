// SPDX-License-Identifier: Apache-2.0
#include "common/clients/json_answer.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace caretaker {

namespace {

constexpr std::uint64_t largest_document = 1ULL << 30U;
constexpr int not_found = 404;

}  // namespace

HttpResponse get_json_answer(ServiceHttp& http,
                             const std::string& url,
                             const ReadJsonAnswer& read) {
    HttpRequest request{.url = url};
    request.max_response_bytes = largest_document;
    const std::string what = fmt::format("{}: GET {}", http.name(), url);
    request.read_answer = [&](const HttpBodyReader& body) { read(body, what); };
    return http.require(request, {not_found});
}

}  // namespace caretaker
