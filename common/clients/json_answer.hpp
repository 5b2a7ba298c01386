// SPDX-License-Identifier: Apache-2.0
// JSON of a service that is read while it arrives.
#pragma once

#include "common/http/service_http.hpp"
#include "common/json/json_elements.hpp"

#include <functional>
#include <string>

namespace caretaker {

/// Reads a document; `what` begins messages about it. Called again, from the beginning, where the
/// answer broke off and the request is sent once more.
using ReadJsonAnswer = std::function<void(const JsonSource& source, const std::string& what)>;

/// Gets `url`, a path or a whole address, of up to 1 GiB; the response without its body. Of status
/// 404 nothing is read. Throws RemoteError, JsonError, and what `read` throws.
HttpResponse get_json_answer(ServiceHttp& http, const std::string& url, const ReadJsonAnswer& read);

/// The same of what a POST of the JSON `call` answers that only asks.
HttpResponse ask_json_answer(ServiceHttp& http,
                             const std::string& url,
                             std::string call,
                             const ReadJsonAnswer& read);

}  // namespace caretaker
