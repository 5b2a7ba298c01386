// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/search_reading.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

std::optional<std::int64_t> number_in(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    if (!member || (member->is_text() && member->text().empty())) {
        return std::nullopt;
    }
    return member->integer_or_digits();
}

std::string_view text_in(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member ? member->text() : std::string_view();
}

bool is_true(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    if (!member) {
        return false;
    }
    return member->is_flag() ? member->flag() : member->is_text() && member->text() == "true";
}

HttpResponse read_elements(ServiceHttp& http,
                           HttpRequest request,
                           std::string_view pattern,
                           const std::function<void()>& begin,
                           const std::function<void(const JsonElement&)>& on_element,
                           std::initializer_list<int> accepted) {
    const std::string what =
        fmt::format("{}: {} {}", http.name(), to_string(request.method), request.url);
    request.max_response_bytes = largest_search_answer;
    request.read_answer = [&](const HttpBodyReader& body) {
        begin();
        read_json_elements(body, what, {&pattern, 1}, on_element);
    };
    return http.require(request, accepted);
}

}  // namespace caretaker
