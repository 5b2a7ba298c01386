// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_certificate.hpp"

#include "common/http/http_date.hpp"
#include "common/text/timestamp.hpp"
#include "common/text/utf8.hpp"

#include <fmt/format.h>

#include <string_view>

namespace caretaker {

namespace {

/// What stands behind "Subject:" and the like.
std::string_view value_behind(std::string_view line, std::string_view key) {
    return line.starts_with(key) ? line.substr(key.size()) : std::string_view{};
}

}  // namespace

std::optional<HttpCertificate> read_certificate(CURL* easy) {
    curl_certinfo* info = nullptr;
    if (curl_library().easy_getinfo(easy, CURLINFO_CERTINFO, &info) != CURLE_OK ||
        info == nullptr || info->num_of_certs < 1) {
        return std::nullopt;
    }
    HttpCertificate certificate;  // the first is the server's own
    for (const curl_slist* line = info->certinfo[0]; line != nullptr; line = line->next) {
        const std::string_view text(line->data);
        if (const auto subject = value_behind(text, "Subject:"); !subject.empty()) {
            certificate.subject = to_valid_utf8(subject);
        } else if (const auto issuer = value_behind(text, "Issuer:"); !issuer.empty()) {
            certificate.issuer = to_valid_utf8(issuer);
        } else if (const auto end = value_behind(text, "Expire date:"); !end.empty()) {
            certificate.ends_at = parse_certificate_date(end);
        }
    }
    return certificate;
}

std::string describe_certificate(const HttpCertificate& certificate) {
    std::string text =
        fmt::format("subject {}, issuer {}", certificate.subject, certificate.issuer);
    if (certificate.ends_at) {
        text += fmt::format(", valid until {}", format_rfc3339(*certificate.ends_at));
    }
    return text;
}

}  // namespace caretaker
