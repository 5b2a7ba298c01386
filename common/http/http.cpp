// SPDX-License-Identifier: Apache-2.0
#include "common/http/http.hpp"

#include "common/text/ascii.hpp"

#include <array>

namespace caretaker {

std::string_view to_string(HttpMethod method) {
    static constexpr std::array<std::string_view, 6> words{
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    return words.at(static_cast<std::size_t>(method));
}

std::string_view HttpResponse::header(std::string_view name) const {
    const std::string wanted = ascii_lower(name);
    for (const HttpHeader& candidate : headers) {
        if (ascii_lower(candidate.name) == wanted) {
            return candidate.value;
        }
    }
    return {};
}

}  // namespace caretaker
