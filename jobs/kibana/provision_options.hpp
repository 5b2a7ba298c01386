// SPDX-License-Identifier: Apache-2.0
// The command line of `kibana provision`.
#pragma once

#include "common/options/command_options.hpp"
#include "jobs/kibana/provision_task.hpp"

#include <string>
#include <vector>

namespace caretaker {

class Settings;

class ProvisionOptions {
 public:
    void describe(CommandOptions& form);

    /// Throws UsageError.
    void configure(const Settings& settings,
                   const std::string& target,
                   const std::vector<std::string>& marathon_urls);

    [[nodiscard]] const ProvisionRequest& request() const { return request_; }

 private:
    ProvisionRequest request_{};
    std::vector<std::string> kibana_urls_{};
    std::vector<std::string> variables_{};
    std::string on_drift_{"keep"};
};

}  // namespace caretaker
