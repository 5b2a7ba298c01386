// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_contact.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "jobs/kibana/kibana_status_model.hpp"

#include <fmt/format.h>

#include <string_view>
#include <variant>

namespace caretaker {

namespace {

constexpr int not_found = 404;
constexpr int refused = 401;
constexpr int forbidden = 403;

void take_number(KibanaContact& contact, std::string_view number, bool is_opensearch) {
    contact.number = number;
    contact.version = parse_dashboards_version(number);
    if (contact.version) {
        contact.version->opensearch = is_opensearch;
    }
}

void read_status(KibanaContact& contact, const HttpResponse& response, bool is_opensearch) {
    // Caught because what is still starting may answer anything.
    try {
        const JsonDocument document = JsonDocument::parse(response.body, response.url);
        const KibanaStatus status = read_kibana_status(document.root());
        if (!status.version.empty()) {
            take_number(contact, status.version, is_opensearch);
        }
        contact.is_ready = status.is_ready;
        if (!status.is_ready) {
            contact.trouble = fmt::format("its state is {}", status.state);
        } else if (!contact.version) {
            contact.trouble =
                "it tells its version only after a login; set targets.TARGET.kibana.user and "
                "password_file";
        }
    } catch (const JsonError& error) {
        contact.trouble = error.what();
    }
}

}  // namespace

KibanaContact read_kibana_contact(const HttpOutcome& outcome) {
    KibanaContact contact;
    if (const auto* error = std::get_if<HttpError>(&outcome)) {
        contact.trouble = error->what();
        contact.is_reached = false;
        return contact;
    }
    const auto& response = std::get<HttpResponse>(outcome);
    const bool is_opensearch = !response.header("osd-name").empty();
    take_number(contact, response.header("kbn-version"), is_opensearch);
    // 4.0 and 4.1 have no status, but every answer tells the version.
    if (response.status == not_found && contact.version) {
        contact.is_ready = true;
        return contact;
    }
    if (response.status == refused || response.status == forbidden) {
        contact.is_refused = true;
        contact.trouble = fmt::format(
            "it answers {}; set targets.TARGET.kibana.user and password_file", response.status);
        return contact;
    }
    contact.trouble = find_status_trouble(response.status, response.body);
    if (contact.trouble.empty()) {
        read_status(contact, response, is_opensearch);
    }
    return contact;
}

bool is_page_of_kibana_3(const HttpOutcome& outcome) {
    const auto* response = std::get_if<HttpResponse>(&outcome);
    return response != nullptr && response->ok() &&
           response->body.find("<title>Kibana 3") != std::string::npos;
}

}  // namespace caretaker
