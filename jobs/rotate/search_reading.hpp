// SPDX-License-Identifier: Apache-2.0
// How answers of search engines are read: while they arrive, and with values that may be missing.
#pragma once

#include "common/http/service_http.hpp"
#include "common/json/json_elements.hpp"
#include "common/json/json_view.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// Answers that grow with the number of indices may be that long.
inline constexpr std::uint64_t largest_search_answer = 256ULL << 20U;

// Members of `object` that may be missing; those of another type than expected throw JsonError.

/// A whole number, also one within quotes; none for an empty text.
std::optional<std::int64_t> number_in(JsonView object, std::string_view name);

/// Empty when it is missing. Valid as long as the document.
std::string_view text_in(JsonView object, std::string_view name);

/// true, or the text "true": settings are texts, but a few tools write booleans.
bool is_true(JsonView object, std::string_view name);

/// Reads an answer while it arrives: calls `on_element` for each value that fits `pattern`
/// (read_json_elements()). `begin` is called before, once more each time that the request is sent
/// again. Returns an answer with one of the `accepted` statuses; throws RemoteError for any other
/// than 2xx, and JsonError.
HttpResponse read_elements(ServiceHttp& http,
                           HttpRequest request,
                           std::string_view pattern,
                           const std::function<void()>& begin,
                           const std::function<void(const JsonElement&)>& on_element,
                           std::initializer_list<int> accepted = {});

}  // namespace caretaker
