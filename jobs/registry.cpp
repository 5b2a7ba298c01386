// SPDX-License-Identifier: Apache-2.0
#include "jobs/registry.hpp"

#include "jobs/again/again_job.hpp"
#include "jobs/cleanup/cleanup_job.hpp"
#include "jobs/cleanup/file_rule_settings.hpp"
#include "jobs/completion/completion_job.hpp"
#include "jobs/config/config_job.hpp"
#include "jobs/doctor/doctor_job.hpp"
#include "jobs/exit-codes/exit_codes_job.hpp"
#include "jobs/findings/findings_job.hpp"
#include "jobs/history/history_job.hpp"
#include "jobs/hold/hold_job.hpp"
#include "jobs/holds/holds_job.hpp"
#include "jobs/kibana/kibana_job.hpp"
#include "jobs/kibana/kibana_settings.hpp"
#include "jobs/lag/lag_job.hpp"
#include "jobs/lag/lag_rule_settings.hpp"
#include "jobs/leftovers/leftovers_job.hpp"
#include "jobs/man/man_job.hpp"
#include "jobs/rotate/rotate_job.hpp"
#include "jobs/statsd/statsd_job.hpp"
#include "jobs/status/status_job.hpp"
#include "jobs/store/store_job.hpp"
#include "jobs/unhold/unhold_job.hpp"

#include <array>

namespace caretaker {

std::span<const JobEntry> registry() {
    static const std::array table{
        cleanup_job_entry(),    rotate_job_entry(),     lag_job_entry(),     leftovers_job_entry(),
        kibana_job_entry(),     status_job_entry(),     history_job_entry(), findings_job_entry(),
        doctor_job_entry(),     holds_job_entry(),      again_job_entry(),   hold_job_entry(),
        unhold_job_entry(),     store_job_entry(),      config_job_entry(),  statsd_job_entry(),
        exit_codes_job_entry(), completion_job_entry(), man_job_entry(),
    };
    return table;
}

std::vector<ValueRule> job_value_rules() {
    std::vector<ValueRule> rules = cleanup_value_rules();
    for (const std::vector<ValueRule>& more : {lag_value_rules(), kibana_value_rules()}) {
        rules.insert(rules.end(), more.begin(), more.end());
    }
    return rules;
}

}  // namespace caretaker
