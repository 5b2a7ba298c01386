// SPDX-License-Identifier: Apache-2.0
// Where a request may be sent on to.
#pragma once

#include "common/http/http.hpp"
#include "common/http/url.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace caretaker {

/// Which hosts get credentials by a redirect.
enum class RedirectAuth {
    listed,       // those among the service's urls, on any port
    same_domain,  // these, and those with the same parent domain
    never,        // none but the server itself that redirects
};

/// "listed", "same-domain", "never"; nothing for another word.
std::optional<RedirectAuth> parse_redirect_auth(std::string_view word);

struct RedirectPolicy {
    RedirectAuth auth = RedirectAuth::listed;
    bool has_credentials = false;                  // every request carries some
    std::set<std::string, std::less<>> hosts{};    // of the service's urls, lower case
    std::set<std::string, std::less<>> leaders{};  // found since, by the service's own word
};

/// Status 301, 302, 303, 307 or 308 with a Location.
bool is_redirect(const HttpResponse& response);

/// Why the request must not be sent on from `from` to `to`; nothing when it may. Other schemes than
/// http and https, and http after https: never. With credentials: by the policy. Changes: to listed
/// hosts and leaders alone. Reads without credentials: anywhere.
std::optional<std::string> redirect_refusal(const RedirectPolicy& policy,
                                            const HttpRequest& request,
                                            const Url& from,
                                            const Url& to);

/// Why a request must not be sent to `to` in the first place, an address that some answer told;
/// nothing when it may. The same rules, for a service whose hosts are listed.
std::optional<std::string> address_refusal(const RedirectPolicy& policy,
                                           const HttpRequest& request,
                                           const Url& to);

/// The request as it goes on: method and body stay, except that 303 turns all but HEAD into a GET
/// without body (RFC 9110, section 15.4.4).
HttpRequest redirected(const HttpRequest& request, int status, const Url& to);

}  // namespace caretaker
