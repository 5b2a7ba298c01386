// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_request.hpp"

#include "common/base/error.hpp"
#include "common/clients/http_settings.hpp"
#include "common/config/settings.hpp"
#include "common/http/url.hpp"
#include "common/options/command_options.hpp"
#include "common/text/duration.hpp"
#include "jobs/kibana/provision_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::chrono::hours longest_wait{1};
constexpr std::string_view log_type_characters = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
constexpr std::string_view never_in_indices = " /?#%\"<>|\\";

}  // namespace

void ProvisionOptions::describe(CommandOptions& form) {
    form.add("--app", request_.app, "Its id in Marathon", {.type = "APP"});
    form.add("--kibana-url",
             request_.kibana_url,
             "Address of a Kibana that is not in Marathon, with its base path",
             {.type = "URL", .excludes = "--app"});
    form.add(
        "--bundle", request_.bundle, "Folder with bundle.json and the objects", {.type = "DIR"});
    form.add("--template",
             request_.log_type,
             "Instead of a bundle: index pattern, search and a first "
             "dashboard for this type of log",
             {.type = "LOGTYPE", .excludes = "--bundle"});
    form.add(
        "--fields",
        request_.fields,
        "Fields of the log type: an answer of _field_caps, or lines of name and type (default: "
        "ask Elasticsearch)",
        {.type = "FILE"});
    form.add("--pattern",
             request_.pattern,
             "Indices of the log type (default LOGTYPE-*)",
             {.type = "INDEX"});
    form.add("--var",
             given_variables_,
             "What stands for ${NAME} in the bundle; repeatable, before labels of the app",
             {.type = "NAME=VALUE"});
    form.add_flag("--wake", request_.wakes, "Wake the app where it is suspended");
    form.add("--on-drift",
             on_drift_,
             "What to do with objects that people changed",
             {.type = "keep|overwrite", .choices = {"keep", "overwrite"}, .shows_default = true});
    form.add_reader("--wait",
                    [this](const std::string& text) {
                        const auto duration = parse_duration(text);
                        if (!duration || *duration > longest_wait) {
                            return fmt::format("'{}' is no duration of up to 1h; write 180s or 5m",
                                               text);
                        }
                        request_.wait = *duration;
                        return std::string();
                    },
                    "How long until Kibana must be ready (default 180s)",
                    {.type = "DURATION"});
    form.add("--junit",
             request_.junit,
             "Also write a JUnit report with a test case for each object",
             {.type = "FILE"});
    form.add("--kibana-index",
             given_index_,
             "Index of Kibana 4 and 5 (default: KIBANA_INDEX of the app, else .kibana)",
             {.type = "INDEX"});
    form.add("--elasticsearch-url",
             search_urls_,
             "Address of Elasticsearch; repeatable, instead of the target's",
             {.type = "URL"});
}

void ProvisionOptions::configure(const Settings& settings,
                                 const std::string& target,
                                 const std::vector<std::string>& marathon_urls) {
    if (request_.app.empty() && request_.kibana_url.empty()) {
        const auto urls = settings.texts(fmt::format("targets.{}.kibana.urls", target));
        request_.kibana_url = urls.empty() ? std::string() : urls.front();
    }
    check_choice();
    read_variables();
    request_.has_index = !given_index_.empty();
    if (request_.has_index) {
        request_.index = given_index_;
    }
    request_.overwrites_drift = on_drift_ == "overwrite";
    request_.kibana = load_kibana_http(settings, target);
    if (request_.kibana_url.empty()) {
        request_.fleet = load_kibana_settings(settings, target, marathon_urls);
        request_.base_path = request_.fleet->base_path;
    } else {
        take_kibana_url();
    }
    const std::string urls = fmt::format("targets.{}.elasticsearch.urls", target);
    if (!search_urls_.empty() || !settings.texts(urls).empty()) {
        request_.search = load_http_options(settings,
                                            target,
                                            "elasticsearch",
                                            {.name = "--elasticsearch-url", .urls = search_urls_});
    }
    if (!request_.log_type.empty() && request_.fields.empty() && !request_.search) {
        throw UsageError(
            "--template: nobody tells the fields of the log type; add --elasticsearch-url "
            "http://HOST:PORT to ask for them, or --fields FILE");
    }
    // Of an app, labels that the bundle needs may be missing yet.
    if (request_.app.empty() && !request_.bundle.empty()) {
        static_cast<void>(read_bundle(read_bundle_files(request_.bundle), request_.variables));
    }
}

void ProvisionOptions::check_choice() const {
    if (request_.app.empty() && request_.kibana_url.empty()) {
        throw UsageError(
            "no Kibana is named; add --app APP, or --kibana-url http://HOST:PORT, or name one by "
            "targets.TARGET.kibana.urls");
    }
    if (request_.bundle.empty() && request_.log_type.empty()) {
        throw UsageError("nothing to provision is named; add --bundle DIR, or --template LOGTYPE");
    }
    if (request_.wakes && request_.app.empty()) {
        throw UsageError("--wake: only an app of Marathon can be woken; name it by --app");
    }
    if (request_.log_type.empty() && (!request_.fields.empty() || !request_.pattern.empty())) {
        throw UsageError(fmt::format("{}: belongs to --template LOGTYPE, which is not given",
                                     request_.fields.empty() ? "--pattern" : "--fields"));
    }
    if (request_.log_type.find_first_not_of(log_type_characters) != std::string::npos) {
        throw UsageError(fmt::format(
            "--template: '{}' is no log type: that has lower-case letters, digits and '-', '_', "
            "'.' alone, as names of indices",
            request_.log_type));
    }
    for (const auto& [name, text] :
         {std::pair(std::string_view("--pattern"), std::string_view(request_.pattern)),
          std::pair(std::string_view("--kibana-index"), std::string_view(given_index_))}) {
        if (text.find_first_of(never_in_indices) != std::string_view::npos) {
            throw UsageError(fmt::format("{}: '{}' is no name of indices", name, text));
        }
    }
}

void ProvisionOptions::read_variables() {
    for (const std::string& given : given_variables_) {
        const std::size_t at = given.find('=');
        const std::string name = given.substr(0, at);
        const std::string value = at == std::string::npos ? std::string() : given.substr(at + 1);
        std::string trouble = check_bundle_variable(at == std::string::npos ? "" : name, value);
        if (at == std::string::npos) {
            trouble = fmt::format("'{}' has no '='; write NAME=VALUE", given);
        }
        if (trouble.empty() && request_.variables.contains(name)) {
            trouble = fmt::format("'{}' is given twice", name);
        }
        if (!trouble.empty()) {
            throw UsageError("--var: " + trouble);
        }
        request_.variables[name] = value;
    }
}

void ProvisionOptions::take_kibana_url() {
    const auto url = parse_url(request_.kibana_url);
    if (!url || (url->scheme != "http" && url->scheme != "https") || url->has_userinfo ||
        url->target.find('?') != std::string::npos) {
        throw UsageError(
            fmt::format("--kibana-url: '{}' is no address of a Kibana; write http://HOST:PORT or "
                        "http://HOST:PORT/BASE, without a user",
                        request_.kibana_url));
    }
    request_.base_path = url->target;
    while (request_.base_path.ends_with('/')) {
        request_.base_path.pop_back();
    }
    Url root = *url;
    root.target = "/";
    request_.kibana_endpoint = format_url(root);
    request_.kibana_endpoint.pop_back();
}

}  // namespace caretaker
