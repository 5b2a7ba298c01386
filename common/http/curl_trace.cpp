// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_trace.hpp"

#include "common/http/curl_request.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

namespace {

std::string_view mark_of(curl_infotype type) {
    switch (type) {
        case CURLINFO_TEXT:
            return "* ";
        case CURLINFO_HEADER_OUT:
            return "> ";
        case CURLINFO_HEADER_IN:
            return "< ";
        default:
            return {};
    }
}

}  // namespace

std::vector<std::string> trace_lines(curl_infotype type,
                                     std::string_view text,
                                     const std::vector<std::string>& secrets) {
    std::vector<std::string> lines;
    const std::string_view mark = mark_of(type);
    while (!mark.empty() && !text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (!line.empty()) {
            lines.push_back(fmt::format("{}{}", mark, redact(line, secrets)));
        }
    }
    return lines;
}

void CurlTrace::attach(CURL* easy) {
    if (options_.trace) {
        set_option(easy, CURLOPT_VERBOSE, 1L);
        set_option(easy, CURLOPT_DEBUGFUNCTION, &CurlTrace::on_message);
        set_option(easy, CURLOPT_DEBUGDATA, this);
    }
}

int CurlTrace::on_message(
    CURL* /*easy*/, curl_infotype type, char* text, std::size_t size, void* self) {
    const auto& trace = *static_cast<CurlTrace*>(self);
    for (const std::string& line : trace_lines(type, {text, size}, trace.secrets_)) {
        trace.options_.trace(line);
    }
    return 0;
}

}  // namespace caretaker
