// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_options.hpp"

#include "common/base/error.hpp"
#include "common/clients/http_settings.hpp"
#include "common/config/settings.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>

namespace caretaker {

namespace {

constexpr std::chrono::milliseconds longest_wait{std::chrono::hours(1)};
constexpr std::string_view name_letters = "abcdefghijklmnopqrstuvwxyz0123456789_-";

BundleVariables read_variables(const std::vector<std::string>& texts) {
    BundleVariables variables;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == 0 || equals == std::string::npos) {
            throw UsageError(fmt::format("--var: '{}' is not NAME=VALUE", text));
        }
        variables[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return variables;
}

}  // namespace

void ProvisionOptions::describe(CommandOptions& form) {
    form.add("--bundle",
             request_.directory,
             "Directory with bundle.json and export.ndjson or legacy/",
             {.type = "DIR"});
    form.add("--template",
             request_.template_name,
             "Make index pattern, search and a first dashboard for a new log type of that name",
             {.type = "NAME", .excludes = "--bundle"});
    form.add("--index",
             request_.template_index,
             "Its indices, for --template (default NAME-*)",
             {.type = "PATTERN"});
    form.add("--app", request_.app, "The Kibana's id in Marathon", {.type = "APP"});
    form.add(
        "--kibana-url", kibana_urls_, "Its address instead", {.type = "URL", .excludes = "--app"});
    form.add("--var",
             variables_,
             "A value for ${NAME} in the bundle; repeatable",
             {.type = "NAME=VALUE"});
    form.add("--on-drift",
             on_drift_,
             "What happens to objects that people changed",
             {.type = "keep|overwrite", .choices = {"keep", "overwrite"}, .shows_default = true});
    form.add_reader("--wait",
                    [this](const std::string& text) {
                        const auto wait = parse_duration(text);
                        if (!wait || *wait > longest_wait) {
                            return fmt::format("'{}' is no duration of up to 1h; write 120s or 5m",
                                               text);
                        }
                        request_.wait = *wait;
                        return std::string();
                    },
                    "How long until Kibana must be ready (default 3m)",
                    {.type = "DURATION"});
}

void ProvisionOptions::configure(const Settings& settings,
                                 const std::string& target,
                                 const std::vector<std::string>& marathon_urls) {
    if (request_.directory.empty() == request_.template_name.empty()) {
        throw UsageError(
            "provisioning: name a bundle by --bundle DIR, or a new log type by "
            "--template NAME");
    }
    request_.variables = read_variables(variables_);
    request_.overwrites_drift = on_drift_ == "overwrite";
    request_.scheme = settings.text("kibana.scheme");
    request_.base_path = settings.text("kibana.base_path");
    if (!request_.app.empty()) {
        request_.marathon = load_http_options(
            settings, target, "marathon", {.name = "--marathon-url", .urls = marathon_urls});
        kibana_urls_ = {"http://kibana"};  // Marathon tells where it really is
    }
    request_.kibana = load_http_options(
        settings, target, "kibana", {.name = "--kibana-url", .urls = kibana_urls_});
    if (request_.template_name.empty()) {
        if (request_.app.empty()) {  // else labels of the app may be missing yet
            static_cast<void>(read_bundle(request_.directory, request_.variables));
        }
        return;
    }
    if (request_.template_name.find_first_not_of(name_letters) != std::string::npos) {
        throw UsageError(
            fmt::format("--template: '{}' is no name: a-z, 0-9, _ and -", request_.template_name));
    }
    if (request_.template_index.empty()) {
        request_.template_index = request_.template_name + "-*";
    }
    if (request_.template_index.find_first_of(" /?#%\"<>|\\") != std::string::npos) {
        throw UsageError(fmt::format("--index: '{}' is no name of indices; write logs-ads-*",
                                     request_.template_index));
    }
    request_.search = load_http_options(settings, target, "elasticsearch");
}

}  // namespace caretaker
