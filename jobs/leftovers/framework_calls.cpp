// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/framework_calls.hpp"

#include "common/output/json_writer.hpp"

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

constexpr std::chrono::milliseconds tear_down_time{3'000};
constexpr std::chrono::milliseconds last_call_time{800};  // of a run that is to end
constexpr std::chrono::milliseconds decline_time{1'000};  // nobody else gets what is held
constexpr double refuse_seconds = 3'600;                  // beyond the end of the probe

void write_id(JsonWriter& json, std::string_view name, std::string_view id) {
    json.key(name);
    json.begin_object();
    json.member("value", id);
    json.end_object();
}

/// A context whose stop is another one.
Context with_stop(const Context& context, const StopSignal& stop) {
    Context other{context.clock,
                  context.connect,
                  context.store,
                  context.log,
                  context.settings,
                  stop,
                  context.run};
    other.http_tally = context.http_tally;
    return other;
}

ServiceOptions with_short_waits(ServiceOptions options) {
    options.http.connect_timeout = std::min(options.http.connect_timeout, last_call_time);
    options.warnings.clear();  // the other client has told them
    return options;
}

}  // namespace

HttpRequest scheduler_request(std::string body, std::chrono::milliseconds time) {
    return {.method = HttpMethod::post,
            .url = "/api/v1/scheduler",
            .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
            .body = std::move(body),
            .effect = HttpEffect::single_change,
            .timeout = time};
}

FrameworkCalls::FrameworkCalls(const ServiceOptions& mesos, const Context& context)
    : run_stop_(context.stop),
      context_(with_stop(context, no_stop_)),
      http_(with_short_waits(mesos), context_) {}

void FrameworkCalls::decline(const std::string& framework,
                             std::string_view stream,
                             const std::vector<std::string>& offers) {
    JsonWriter json;
    json.begin_object();
    write_id(json, "framework_id", framework);
    json.member("type", "DECLINE");
    json.key("decline");
    json.begin_object();
    json.key("offer_ids");
    json.begin_array();
    for (const std::string& id : offers) {
        json.begin_object();
        json.member("value", id);
        json.end_object();
    }
    json.end_array();
    json.key("filters");
    json.begin_object();
    json.member("refuse_seconds", refuse_seconds);
    json.end_object();
    json.end_object();
    json.end_object();
    http_.require(request_of(std::string(json.text()), stream, decline_time));
}

void FrameworkCalls::tear_down(const std::string& framework, std::string_view stream) {
    JsonWriter json;
    json.begin_object();
    write_id(json, "framework_id", framework);
    json.member("type", "TEARDOWN");
    json.end_object();
    http_.require(request_of(std::string(json.text()), stream, tear_down_time));
}

HttpRequest FrameworkCalls::request_of(std::string body,
                                       std::string_view stream,
                                       std::chrono::milliseconds time) const {
    HttpRequest request =
        scheduler_request(std::move(body), run_stop_.requested() ? last_call_time : time);
    if (!stream.empty()) {  // Mesos up to 0.27 has none
        request.headers.push_back({"Mesos-Stream-Id", std::string(stream)});
    }
    return request;
}

}  // namespace caretaker
