// SPDX-License-Identifier: Apache-2.0
// What a run is asked about agents that go away: the options, and the cases that are judged.
#pragma once

#include "jobs/leftovers/instance_model.hpp"
#include "jobs/leftovers/leftovers_report.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class CommandOptions;

class LossRequest {
 public:
    void describe(CommandOptions& command, std::string_view heading);

    /// Throws UsageError for options that do not go together.
    void configure() const;

    /// Fills the losses of a result whose agents are judged.
    void judge(const ClusterFacts& facts,
               const std::vector<Instances>& placed,
               LeftoversResult& result) const;

    /// Codes of findings that a run cannot make, so that those of earlier ones stay.
    [[nodiscard]] std::vector<std::string_view> codes_left_out(bool knows_apps) const;

 private:
    bool no_single_ = false;
    bool pairs_ = false;
    std::int64_t sample_ = 0;  // 0: as PairChoice has it
    std::vector<std::string> groups_{};
};

}  // namespace caretaker
