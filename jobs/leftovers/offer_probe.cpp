// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/offer_probe.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/clients/record_io.hpp"
#include "common/http/http_status.hpp"
#include "common/http/service_http.hpp"
#include "common/output/json_writer.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <optional>
#include <span>
#include <system_error>
#include <tuple>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view path = "/api/v1/scheduler";
constexpr std::chrono::milliseconds tear_down_time{3'000};
constexpr std::chrono::milliseconds last_call_time{800};  // of a run that is to end
constexpr std::chrono::milliseconds decline_time{1'000};  // nobody else gets what is held
constexpr std::chrono::milliseconds slack{1'000};         // of the connection beyond the probe
constexpr std::uint64_t largest_stream = 2ULL << 30U;
constexpr double refuse_seconds = 3'600;  // beyond the end of the probe

std::vector<HttpHeader> json_headers() {
    return {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
}

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

/// Calls of a subscribed framework, over a connection of their own. They go out also after a stop:
/// each is short.
class FrameworkCalls {
 public:
    FrameworkCalls(const ServiceOptions& mesos, const Context& context)
        : run_stop_(context.stop),
          context_(with_stop(context, no_stop_)),
          http_(with_short_waits(mesos), context_) {}

    void decline(const std::string& framework,
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

    void tear_down(const std::string& framework, std::string_view stream) {
        JsonWriter json;
        json.begin_object();
        write_id(json, "framework_id", framework);
        json.member("type", "TEARDOWN");
        json.end_object();
        http_.require(request_of(std::string(json.text()), stream, tear_down_time));
    }

 private:
    [[nodiscard]] HttpRequest request_of(std::string body,
                                         std::string_view stream,
                                         std::chrono::milliseconds time) const {
        HttpRequest request{.method = HttpMethod::post,
                            .url = std::string(path),
                            .headers = json_headers(),
                            .body = std::move(body),
                            .effect = HttpEffect::single_change,
                            .timeout = run_stop_.requested() ? last_call_time : time};
        if (!stream.empty()) {  // Mesos up to 0.27 has none
            request.headers.push_back({"Mesos-Stream-Id", std::string(stream)});
        }
        return request;
    }

    const StopSignal& run_stop_;
    StopSignal no_stop_{};
    Context context_;
    ServiceHttp http_;
};

/// One probe, from its first event to the end of its framework.
class OfferProbe {
 public:
    OfferProbe(const OfferProbeOptions& options,
               FrameworkCalls& calls,
               Context& context,
               SteadyTime end,
               OfferProbeResult& result)
        : options_(options), calls_(calls), context_(context), end_(end), result_(result) {}

    ~OfferProbe() { tear_down(); }

    OfferProbe(const OfferProbe&) = delete;
    OfferProbe& operator=(const OfferProbe&) = delete;

    /// Caught because a broken stream is a result of the probe, and must not be opened again.
    void listen(HttpLiveAnswer& answer) {
        stream_id_ = answer.header("Mesos-Stream-Id");
        try {
            follow(answer);
        } catch (const Interrupted&) {
            throw;
        } catch (const Error& error) {
            fail(error.what());
        }
        tear_down();  // while the stream is open
    }

 private:
    void follow(HttpLiveAnswer& answer) {
        SteadyTime last_news = context_.clock.steady();
        RecordIoDecoder records;
        std::array<char, 64U << 10U> buffer{};
        while (!is_over_) {
            const SteadyTime now = context_.clock.steady();
            const bool is_subscribed = !result_.framework_id.empty();
            const SteadyTime quiet_end = is_subscribed ? last_news + options_.quiet : end_;
            if (now >= end_ || now >= quiet_end) {
                stop_waiting(is_subscribed, now >= quiet_end);
                return;
            }
            const auto wait =
                std::chrono::ceil<std::chrono::milliseconds>(std::min(end_, quiet_end) - now);
            const auto count = answer.read(buffer, wait);
            if (!count) {
                continue;
            }
            if (*count == 0) {
                fail(records.is_inside() ? "the stream of events broke off within a record"
                                         : "the master ended the stream of events");
                return;
            }
            records.feed(std::string_view(buffer.data(), *count), [&](std::string_view record) {
                if (!is_over_ && take(read_mesos_event(record))) {
                    last_news = context_.clock.steady();
                }
            });
        }
    }

    void stop_waiting(bool is_subscribed, bool is_quiet) {
        if (!is_subscribed) {
            fail(fmt::format("the master let {} pass without SUBSCRIBED",
                             format_duration(options_.limit)));
            return;
        }
        result_.end = is_quiet ? OfferProbeEnd::complete : OfferProbeEnd::time;
    }

    /// Whether it is news about offers.
    bool take(MesosEvent event) {
        switch (event.type) {
            case MesosEventType::subscribed:
                if (event.framework_id.empty()) {
                    fail("SUBSCRIBED names no framework");
                    return false;
                }
                result_.framework_id = event.framework_id;
                return true;
            case MesosEventType::offers:
                take_offers(std::move(event));
                return true;
            case MesosEventType::rescind:
                for (NotedOffer& noted : result_.offers) {
                    noted.is_rescinded =
                        noted.is_rescinded || noted.offer.id == event.rescinded_offer_id;
                }
                return true;
            case MesosEventType::error:
                fail("the master says: " + event.message);
                return false;
            case MesosEventType::heartbeat:
            case MesosEventType::other:
                break;
        }
        return false;
    }

    void take_offers(MesosEvent event) {
        std::vector<std::string> ids;
        for (MesosOffer& offer : event.offers) {
            ids.push_back(offer.id);
            result_.offers.push_back({.offer = std::move(offer), .round = round_});
        }
        for (std::string& id : event.unread) {
            if (!id.empty()) {
                ids.push_back(std::move(id));
            }
            ++result_.unread;
        }
        ++round_;
        if (!ids.empty()) {
            calls_.decline(result_.framework_id, stream_id_, ids);
        }
    }

    void fail(std::string trouble) {
        is_over_ = true;
        result_.end = OfferProbeEnd::failed;
        result_.trouble = std::move(trouble);
    }

    /// Caught because nothing is lost: the master removes a framework without failover when its
    /// connection ends, which it does next.
    void tear_down() {
        if (result_.framework_id.empty() || is_torn_down_) {
            return;
        }
        is_torn_down_ = true;
        try {
            calls_.tear_down(result_.framework_id, stream_id_);
            result_.is_torn_down = true;
        } catch (const std::exception& error) {
            context_.log.debug(
                fmt::format("the framework {} goes with its connection, for "
                            "TEARDOWN was not taken: {}",
                            result_.framework_id,
                            error.what()));
        }
    }

    const OfferProbeOptions& options_;
    FrameworkCalls& calls_;
    Context& context_;
    SteadyTime end_;
    OfferProbeResult& result_;
    std::string stream_id_{};
    std::uint32_t round_ = 0;
    bool is_over_ = false;
    bool is_torn_down_ = false;
};

/// {1, 9} of "1.9.0-rc1".
std::optional<std::pair<int, int>> parse_minor_version(std::string_view text) {
    std::pair<int, int> version;
    const char* const end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.first);
    if (major.ec != std::errc{} || major.ptr == end || *major.ptr != '.') {
        return std::nullopt;
    }
    const auto minor = std::from_chars(major.ptr + 1, end, version.second);
    return minor.ec == std::errc{} ? std::optional(version) : std::nullopt;
}

}  // namespace

std::vector<std::string_view> offer_capabilities(std::string_view version) {
    struct Known {
        std::string_view name;
        std::pair<int, int> since;
    };

    static constexpr std::array known{Known{"REVOCABLE_RESOURCES", {0, 26}},
                                      Known{"GPU_RESOURCES", {1, 0}},
                                      Known{"SHARED_RESOURCES", {1, 1}},
                                      Known{"PARTITION_AWARE", {1, 1}},
                                      Known{"MULTI_ROLE", {1, 2}},
                                      Known{"RESERVATION_REFINEMENT", {1, 4}},
                                      Known{"REGION_AWARE", {1, 5}}};
    const auto parsed = parse_minor_version(version);
    std::vector<std::string_view> names;
    for (const Known& capability : known) {
        if (!parsed || *parsed >= capability.since) {
            names.push_back(capability.name);
        }
    }
    return names;
}

std::string format_subscription(const OfferProbeOptions& options) {
    const bool has_roles =
        std::ranges::find(options.capabilities, "MULTI_ROLE") != options.capabilities.end();
    JsonWriter json;
    json.begin_object();
    json.member("type", "SUBSCRIBE");
    json.key("subscribe");
    json.begin_object();
    json.key("framework_info");
    json.begin_object();
    json.member("user", "nobody");
    json.member("name", options.name);
    if (!options.principal.empty()) {
        json.member("principal", options.principal);
    }
    json.member("failover_timeout", 0);
    json.member("checkpoint", false);
    if (has_roles) {
        json.key("roles");
        json.begin_array();
        for (const std::string& role : options.roles) {
            json.value(role);
        }
        json.end_array();
    } else if (!options.roles.empty()) {
        json.member("role", options.roles.front());
    }
    json.key("capabilities");
    json.begin_array();
    for (const std::string_view name : options.capabilities) {
        json.begin_object();
        json.member("type", name);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    json.end_object();
    json.end_object();
    return std::string(json.text());
}

OfferProbeResult probe_offers(const ServiceOptions& mesos,
                              const OfferProbeOptions& options,
                              Context& context) {
    OfferProbeResult result;
    FrameworkCalls calls(mesos, context);
    ServiceHttp http(mesos, context);
    const SteadyTime end = context.clock.steady() + options.limit;
    HttpRequest request{.method = HttpMethod::post,
                        .url = std::string(path),
                        .headers = json_headers(),
                        .body = format_subscription(options),
                        .effect = HttpEffect::single_change,
                        .timeout = options.limit + slack,
                        .max_response_bytes = largest_stream,
                        .may_be_silent = true};
    request.follow_answer = [&](HttpLiveAnswer& answer) {
        OfferProbe probe(options, calls, context, end, result);
        probe.listen(answer);
    };
    // A result like others: the leftovers are known without.
    try {
        http.require(request);
    } catch (const RemoteError& error) {
        result.trouble = error.what();
        result.is_denied = error.failure() == RemoteFailure::denied;
    }
    return result;
}

}  // namespace caretaker
