// SPDX-License-Identifier: Apache-2.0
// What a run is asked about real offers: the options, the look at them, and what is told of it.
#pragma once

#include "common/base/report.hpp"
#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/offer_probe.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class CommandOptions;
struct Context;
struct ServiceOptions;

/// What was seen.
struct OfferLook {
    std::vector<std::string> roles{};
    std::vector<std::string_view> capabilities{};
    OfferProbeResult probe{};
    ClusterFacts after{};        // the books, read again
    std::string unread_books{};  // why they could not be; else empty
};

class OfferRequest {
 public:
    void describe(CommandOptions& command);

    /// Throws UsageError for options that do not go together.
    void configure(bool reads_files, bool counts_offers_as_busy) const;

    [[nodiscard]] bool is_given() const { return is_given_; }

    /// Registers at the master; then reads its books again by `read_books`. `role`: of the view;
    /// empty: Marathon's, those of its apps, and "*".
    OfferLook look(const ServiceOptions& mesos,
                   const ClusterFacts& facts,
                   const std::string& role,
                   Context& context,
                   const std::function<ClusterFacts()>& read_books) const;

 private:
    bool is_given_ = false;
    std::optional<std::chrono::milliseconds> limit_{};
};

/// Adds what was seen to a report; `most` agents at the most. The agents of both facts are judged.
/// Whether all was seen, so that a finding of an earlier run may be over.
bool report_offers(const ClusterFacts& facts,
                   const OfferLook& look,
                   std::size_t most,
                   Report& report);

}  // namespace caretaker
