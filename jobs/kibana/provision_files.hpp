// SPDX-License-Identifier: Apache-2.0
// The files of a bundle on disk.
#pragma once

#include "jobs/kibana/provision_bundle_model.hpp"

#include <string>

namespace caretaker {

/// Reads the folder. Throws UsageError where it is none, lacks bundle.json, or cannot be read.
BundleFiles read_bundle_files(const std::string& folder);

/// One file. Throws UsageError where it cannot be read or is larger than any bundle's.
BundleFile read_bundle_file(const std::string& path);

}  // namespace caretaker
