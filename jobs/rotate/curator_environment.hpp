// SPDX-License-Identifier: Apache-2.0
// Curator's options by environment variables.
#pragma once

#include "jobs/rotate/curator_options.hpp"
#include "jobs/rotate/curator_value.hpp"

#include <string>

namespace caretaker {

/// Sets what the command line left open by the variables of Curator 8 and 9, ESCLIENT_HOSTS
/// (between blanks), ESCLIENT_USERNAME, …, one for each option. Throws UsageError for a value that
/// is none.
void take_curator_environment(const VariableLookup& variables, CuratorOptions& options);

/// Whether ESCLIENT_DRY_RUN asks for a dry run. Throws UsageError for what is neither yes nor no.
bool is_dry_run_of_environment(const VariableLookup& variables);

/// The client file that ESCLIENT_CONFIG names, else ~/.curator/curator.yml where it exists; empty
/// when there is none.
std::string find_client_file(const VariableLookup& variables);

}  // namespace caretaker
