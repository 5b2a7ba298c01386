// SPDX-License-Identifier: Apache-2.0
// The configuration of tmpreaper(8) as a rule of ours. No IO.
#pragma once

#include "jobs/cleanup/import_model.hpp"

#include <string_view>

namespace caretaker {

/// tmpreaper's configuration (Debian's /etc/tmpreaper.conf).
ImportedRules import_tmpreaper(std::string_view text);

}  // namespace caretaker
