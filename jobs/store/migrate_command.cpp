// SPDX-License-Identifier: Apache-2.0
#include "jobs/store/migrate_command.hpp"

#include "common/base/error.hpp"
#include "common/base/table_columns.hpp"
#include "common/store/store_identity.hpp"
#include "jobs/store/store_opening.hpp"

#include <fmt/format.h>

#include <string>

namespace caretaker {

Report migrate_store(const Context& context, bool check_only) {
    StoreOptions options = store_access(context).options;
    options.read_only = true;
    const auto identity = identify_store(options);
    if (!identity) {
        return report_no_store(context);
    }
    const std::string path = absolute_store_path(options.path);
    if (identity->version > store_schema_version) {
        refuse_newer(*identity, path);
    }
    const bool is_needed = identity->version < store_schema_version;
    if (is_needed && !check_only) {
        open_to_write(context);
    }
    // A file without tables of ours has nothing to be copied.
    const bool has_copy = is_needed && identity->version > 0;
    const std::string copy = fmt::format("{}.bak-v{}", path, identity->version);
    Report report{.table = {.columns = {text_column("path", "PATH"),
                                        number_column("found", "FOUND"),
                                        number_column("wanted", "WANTED"),
                                        text_column("result", "RESULT"),
                                        text_column("copy", "COPY")}}};
    report.summary = !is_needed   ? "has the schema of this version"
                     : check_only ? "would be brought to the schema of this version"
                                  : "was brought to the schema of this version";
    report.table.rows.push_back({path,
                                 identity->version,
                                 std::int64_t{store_schema_version},
                                 report.summary,
                                 has_copy && !check_only ? Cell(copy) : Cell()});
    return report;
}

}  // namespace caretaker
