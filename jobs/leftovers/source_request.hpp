// SPDX-License-Identifier: Apache-2.0
// Where a run reads from: the options, and the reading.
#pragma once

#include "common/base/wall_time.hpp"
#include "common/http/service_http.hpp"
#include "jobs/leftovers/case_writer.hpp"
#include "jobs/leftovers/leftovers_gather.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

class CommandOptions;
class Settings;
struct Context;

class SourceRequest {
 public:
    void describe(CommandOptions& command);

    /// Throws UsageError for each mistake.
    void configure(const Settings& settings, const std::string& target);

    /// Whether files are read and no service.
    [[nodiscard]] bool reads_files() const { return !inputs_.empty(); }

    /// Whether apps may be read: from files, or from a Marathon that is named.
    [[nodiscard]] bool may_know_apps() const { return reads_files() || marathon_.has_value(); }

    /// Where what is read is saved; null where that is not asked for.
    [[nodiscard]] std::unique_ptr<CaseWriter> begin_case() const;

    /// As gather_from_files() and gather_from_services().
    ClusterFacts gather(OfferedResources offered, Context& context, CaseWriter* save) const;

    /// The agents once more, without apps.
    ClusterFacts read_books(Context& context) const;

    /// The master's, for who asks it otherwise.
    [[nodiscard]] const ServiceOptions& mesos() const { return mesos_; }

    /// The time that the facts are judged by.
    [[nodiscard]] WallTime judged_at(const ClusterFacts& facts, const Context& context) const;

 private:
    std::vector<std::string> urls_{};
    std::vector<std::string> marathon_urls_{};
    std::vector<std::string> inputs_{};
    std::string save_{};
    std::optional<WallTime> now_{};
    ServiceOptions mesos_{};
    std::optional<ServiceOptions> marathon_{};
};

}  // namespace caretaker
