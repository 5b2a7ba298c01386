// SPDX-License-Identifier: Apache-2.0
// Requests to a search engine, and what its refusals say. No IO.
#pragma once

#include "common/http/http.hpp"

#include <string>
#include <string_view>

namespace caretaker {

/// "index_not_found_exception: no such index [x]" of an answer with an error, of any version;
/// else its status and the beginning of its body.
std::string describe_search_error(const HttpResponse& response);

/// Whether the answer is about the thing asked for, and not about the service's health or our
/// rights: other things can still be done.
bool is_item_error(const HttpResponse& response);

/// A request with a JSON body.
HttpRequest json_request(HttpMethod method, std::string path, std::string body);

}  // namespace caretaker
