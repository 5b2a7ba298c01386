// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/offer_probe.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/clients/record_io.hpp"
#include "common/http/http_status.hpp"
#include "common/http/service_http.hpp"
#include "common/text/duration.hpp"
#include "jobs/leftovers/framework_calls.hpp"
#include "jobs/leftovers/offer_subscription.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

namespace caretaker {

namespace {

constexpr std::chrono::milliseconds slack{1'000};  // of the connection beyond the probe
constexpr std::uint64_t largest_stream = 2ULL << 30U;

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

}  // namespace

OfferProbeResult probe_offers(const ServiceOptions& mesos,
                              const OfferProbeOptions& options,
                              Context& context) {
    OfferProbeResult result;
    FrameworkCalls calls(mesos, context);
    ServiceHttp http(mesos, context);
    const SteadyTime end = context.clock.steady() + options.limit;
    HttpRequest request = scheduler_request(format_subscription(options), options.limit + slack);
    request.max_response_bytes = largest_stream;
    request.may_be_silent = true;
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
