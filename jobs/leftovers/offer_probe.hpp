// SPDX-License-Identifier: Apache-2.0
// Looks at what a Mesos master really offers: a framework for some seconds, which declines
// everything and is torn down in the end, whatever happens. There is no way to accept an offer.
#pragma once

#include "common/clients/mesos_event.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct Context;
struct ServiceOptions;

struct OfferProbeOptions {
    std::string name{};
    std::string principal{};  // empty: none
    std::vector<std::string> roles{};
    std::vector<std::string_view> capabilities{};
    std::chrono::milliseconds limit{5'000};
    std::chrono::milliseconds quiet{2'000};  // without news: all has been offered
};

enum class OfferProbeEnd {
    complete,  // no news for as long as `quiet`
    time,      // `limit` is over, and there was news until then
    failed,    // `trouble` says how
};

struct NotedOffer {
    MesosOffer offer{};
    std::uint32_t round = 0;  // of the event that it came with
    bool is_rescinded = false;
};

struct OfferProbeResult {
    OfferProbeEnd end = OfferProbeEnd::failed;
    std::string framework_id{};  // empty: it was never subscribed
    std::vector<NotedOffer> offers{};
    std::size_t unread = 0;  // offers that could not be read
    std::string trouble{};   // a sentence
    bool is_denied = false;
    bool is_torn_down = false;  // the master said so
};

/// Throws Interrupted, after the framework was torn down. What else goes wrong is told in the
/// result.
OfferProbeResult probe_offers(const ServiceOptions& mesos,
                              const OfferProbeOptions& options,
                              Context& context);

}  // namespace caretaker
