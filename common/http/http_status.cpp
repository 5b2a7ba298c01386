// SPDX-License-Identifier: Apache-2.0
#include "common/http/http_status.hpp"

#include "common/text/redact.hpp"
#include "common/text/utf8.hpp"

#include <fmt/format.h>

#include <string>

namespace caretaker {

namespace {

constexpr std::size_t longest_excerpt = 300;

std::string first_line(std::string_view body) {
    const std::size_t begin = body.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) {
        return {};
    }
    body.remove_prefix(begin);
    const std::string_view line = body.substr(0, body.find_first_of("\r\n"));
    return line.size() <= longest_excerpt
               ? to_valid_utf8(line)
               : fmt::format("{}…", to_valid_utf8(line.substr(0, longest_excerpt)));
}

constexpr int too_many_requests = 429;

struct Meaning {
    RemoteFailure failure = RemoteFailure::failed;
    const char* code = "http_status";
    const char* hint = "look at the service's log";
};

Meaning meaning_of(int status) {
    switch (status) {
        case 401:
            return {
                RemoteFailure::denied, "http_denied", "check user, password_file or token_file"};
        case 403:
            return {RemoteFailure::denied, "http_denied", "give the user the right to do this"};
        case 407:
            return {RemoteFailure::denied, "http_denied", "check the proxy's user and password"};
        case 404:
        case 405:
            return {.hint = "is it the right address, and a version that knows this?"};
        case too_many_requests:
        case 502:
        case 503:
        case 504:
            return {RemoteFailure::unreachable, "http_unavailable", "try again later"};
        default:
            return {};
    }
}

}  // namespace

RemoteError describe_status(std::string_view service,
                            const HttpRequest& request,
                            const HttpResponse& response,
                            std::span<const std::string> secrets) {
    const Meaning meaning = meaning_of(response.status);
    const std::string line = first_line(response.body);
    const std::string& url = response.url.empty() ? request.url : response.url;
    RemoteError error(meaning.failure,
                      meaning.code,
                      redact(fmt::format("{}: {} {}: status {}{}{}; {}",
                                         service,
                                         to_string(request.method),
                                         url,
                                         response.status,
                                         line.empty() ? "" : ": ",
                                         line,
                                         meaning.hint),
                             secrets));
    // Too many requests are turned away before anything is done. Behind the others may stand a
    // service that goes on with it.
    if (response.status == too_many_requests) {
        error.set_may_have_arrived(false);
    }
    return error;
}

}  // namespace caretaker
