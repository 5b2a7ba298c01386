// SPDX-License-Identifier: Apache-2.0
#include "common/base/upkeep_job.hpp"

#include <stdexcept>

namespace caretaker {

Report UpkeepJob::show(Context& /*context*/) {
    throw std::logic_error("a job that changes things is run part by part");
}

}  // namespace caretaker
