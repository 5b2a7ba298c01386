// SPDX-License-Identifier: Apache-2.0
#include "tests/support/thing_server.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

namespace {

constexpr std::string_view collection = "/things";

std::vector<std::string> split_names(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        names.emplace_back(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return names;
}

}  // namespace

ThingServer::ThingServer(std::size_t old, std::size_t fresh) {
    for (std::size_t i = 1; i <= old; ++i) {
        things_[fmt::format("old-{:02}", i)] = {.age_days = 40, .bytes = 100};
    }
    for (std::size_t i = 1; i <= fresh; ++i) {
        things_[fmt::format("fresh-{:02}", i)] = {.age_days = 1, .bytes = 100};
    }
    server_.answer_by([this](const HttpRequest& request) { return serve(request); });
}

void ThingServer::on_delete(const std::string& name, ServedAnswer answer) {
    const std::lock_guard lock(mutex_);
    instead_[name] = std::move(answer);
}

void ThingServer::on_list(ServedAnswer answer) {
    const std::lock_guard lock(mutex_);
    list_instead_ = std::move(answer);
}

void ThingServer::set_date(const std::string& date) {
    const std::lock_guard lock(mutex_);
    date_ = date;
}

void ThingServer::keep(const std::string& name) {
    const std::lock_guard lock(mutex_);
    kept_[name] = true;
}

int ThingServer::deletions(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = deletions_.find(name);
    return found == deletions_.end() ? 0 : found->second;
}

std::size_t ThingServer::size() const {
    const std::lock_guard lock(mutex_);
    return things_.size();
}

ServedAnswer ThingServer::serve(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    const std::string_view target = request.url;
    ServedAnswer answer{.status = 404};
    if (request.method == HttpMethod::get && target == collection) {
        answer = list_instead_.value_or(serve_list());
    } else if (request.method == HttpMethod::del && target.starts_with("/things/")) {
        answer = serve_delete(target.substr(collection.size() + 1));
    }
    if (!date_.empty()) {
        answer.headers.push_back({"Date", date_});
    }
    return answer;
}

ServedAnswer ThingServer::serve_list() const {
    std::string body = "[";
    for (const auto& [name, thing] : things_) {
        body += fmt::format(R"({}{{"name":"{}","uuid":"uuid-of-{}","age_days":{},"bytes":{}}})",
                            body.size() == 1 ? "" : ",",
                            name,
                            name,
                            thing.age_days,
                            thing.bytes);
    }
    return {.body = body + "]"};
}

ServedAnswer ThingServer::serve_delete(std::string_view list) {
    const std::vector<std::string> names = split_names(list);
    std::optional<ServedAnswer> instead;
    for (const std::string& name : names) {
        ++deletions_[name];
        if (const auto found = instead_.find(name); found != instead_.end()) {
            instead = found->second;
        }
    }
    if (instead) {
        return *instead;
    }
    std::size_t gone = 0;
    for (const std::string& name : names) {
        gone += kept_.contains(name) ? 1 : things_.erase(name);
    }
    return {.status = gone > 0 ? 200 : 404, .body = "{}"};
}

}  // namespace caretaker
