// SPDX-License-Identifier: Apache-2.0
// `store import`: adds what another store exported.
#pragma once

#include "common/base/report.hpp"

#include <string>

namespace caretaker {

struct Context;

struct ImportOptions {
    std::string file{};  // "-": standard input
    bool dry_run = false;
    bool with_holds = false;
};

/// All of the file or nothing. Throws UsageError for a file that is no export, with the line;
/// StoreError; Interrupted, and then nothing was added.
Report import_store(const Context& context, const ImportOptions& options);

}  // namespace caretaker
