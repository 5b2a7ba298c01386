// SPDX-License-Identifier: Apache-2.0
#include "jobs/registry.hpp"

#include "jobs/completion/completion_job.hpp"
#include "jobs/config/config_job.hpp"
#include "jobs/doctor/doctor_job.hpp"
#include "jobs/findings/findings_job.hpp"
#include "jobs/history/history_job.hpp"
#include "jobs/lag/lag_job.hpp"
#include "jobs/man/man_job.hpp"
#include "jobs/statsd/statsd_job.hpp"

#include <array>

namespace caretaker {

std::span<const JobEntry> registry() {
    static const std::array table{
        lag_job_entry(),
        history_job_entry(),
        findings_job_entry(),
        doctor_job_entry(),
        config_job_entry(),
        statsd_job_entry(),
        completion_job_entry(),
        man_job_entry(),
    };
    return table;
}

}  // namespace caretaker
