// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/faulty_http.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <utility>

namespace caretaker::sandbox {

namespace {

std::string format_http_date(std::time_t time) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(time));
}

}  // namespace

FaultyHttp::FaultyHttp(std::function<void(std::string_view)> on_event)
    : on_event_(std::move(on_event)) {}

ServedAnswer FaultyHttp::answer(const HttpRequest& request, const Handler& handler) {
    std::vector<ServedFault> faults;
    {
        const std::lock_guard lock(mutex_);
        ++counts_[fmt::format(
            "{} {}", to_string(request.method), request.url.substr(0, request.url.find('?')))];
        faults = faults_.take(request);
    }
    bool is_served = true;
    for (const ServedFault& fault : faults) {
        is_served = is_served && !is_before_service(fault.kind);
        if (fault.kind == ServedFaultKind::event && on_event_) {
            on_event_(fault.name);
        }
    }
    ServedAnswer answer = is_served ? handler(request) : ServedAnswer{};
    for (const ServedFault& fault : faults) {
        answer = apply_served_fault(fault, std::move(answer));
    }
    if (find_header(answer.headers, "Date").empty()) {
        answer.headers.insert(answer.headers.begin(),
                              {"Date", format_http_date(std::time(nullptr))});
    }
    return answer;
}

void FaultyHttp::set_fault(ServedFault fault) {
    const std::lock_guard lock(mutex_);
    faults_.add(std::move(fault));
}

void FaultyHttp::set_fault(std::string_view spec) {
    set_fault(parse_served_fault(spec));
}

void FaultyHttp::clear_faults() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
}

std::vector<ServedFault> FaultyHttp::faults() const {
    const std::lock_guard lock(mutex_);
    return faults_.all();
}

std::map<std::string, std::uint64_t> FaultyHttp::request_counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

std::uint64_t FaultyHttp::requests() const {
    std::uint64_t sum = 0;
    for (const auto& [what, count] : request_counts()) {
        sum += count;
    }
    return sum;
}

void FaultyHttp::reset_counts() {
    const std::lock_guard lock(mutex_);
    counts_.clear();
}

void FaultyHttp::write_counts(JsonWriter& json) const {
    json.StartObject();
    for (const auto& [what, count] : request_counts()) {
        json.Key(what.c_str());
        json.Uint64(count);
    }
    json.EndObject();
}

std::optional<std::string> FaultyHttp::command(std::string_view service, std::string_view line) {
    const auto rest = match_command(line, service);
    if (!rest) {
        return std::nullopt;
    }
    if (const auto spec = match_command(*rest, "fault")) {
        set_fault(*spec);
        return "ok";
    }
    if (*rest == "clear") {
        clear_faults();
        return "ok";
    }
    if (*rest == "reset-counts") {
        reset_counts();
        return "ok";
    }
    if (*rest != "faults" && *rest != "counts") {
        return std::nullopt;
    }
    rapidjson::StringBuffer buffer;
    JsonWriter json(buffer);
    if (*rest == "counts") {
        write_counts(json);
        return buffer.GetString();
    }
    json.StartArray();
    for (const ServedFault& fault : faults()) {
        json.String(format_served_fault(fault).c_str());
    }
    json.EndArray();
    return buffer.GetString();
}

ServedAnswer text_answer(int status, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
            .body = std::move(body)};
}

ServedAnswer json_answer(std::string body, int status) {
    return {.status = status,
            .headers = {{"Content-Type", "application/json"}},
            .body = std::move(body)};
}

}  // namespace caretaker::sandbox
