// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/remote_service.hpp"

#include <string>
#include <string_view>

namespace caretaker {

namespace {

std::string text_of(const CuratorValue& map, std::string_view key) {
    const CuratorValue* value = map.find(key);
    return value == nullptr ? std::string() : value->text;
}

std::string without_slashes(std::string text) {
    while (text.ends_with('/')) {
        text.pop_back();
    }
    text.erase(0,
               text.find_first_not_of('/') == std::string::npos ? text.size()
                                                                : text.find_first_not_of('/'));
    return text;
}

}  // namespace

ServiceOptions remote_service(const CheckedOptions& options, const CuratorValue& remote) {
    ServiceOptions service;
    HttpOptions& http = service.http;
    http.service = "elasticsearch";
    http.user = text_of(remote, "username");
    http.password = text_of(remote, "password");
    http.ca_file = options.text("remote_certificate");
    http.client_cert = options.text("remote_client_cert");
    http.client_key = options.text("remote_client_key");
    http.insecure = options.flag("remote_ssl_no_validate");
    if (const CuratorValue* headers = remote.find("headers")) {
        for (std::size_t i = 0; i < headers->keys.size(); ++i) {
            http.headers.push_back({headers->keys[i].text, headers->children[i].text});
        }
    }
    std::string endpoint = text_of(remote, "host");
    while (endpoint.ends_with('/')) {
        endpoint.pop_back();
    }
    const std::string prefix = without_slashes(options.text("remote_url_prefix"));
    service.endpoints = {prefix.empty() ? endpoint : endpoint + "/" + prefix};
    return service;
}

}  // namespace caretaker
