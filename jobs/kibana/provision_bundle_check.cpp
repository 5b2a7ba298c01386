// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_bundle_check.hpp"

#include "common/base/error.hpp"
#include "jobs/kibana/provision_storage_plan.hpp"

#include <fmt/format.h>

namespace caretaker {

void check_bundle_version(const Bundle& bundle,
                          const std::vector<const BundleObject*>& objects,
                          const DashboardsVersion& version,
                          const std::string& place) {
    constexpr int first_with_spaces = 6;
    constexpr int minor_with_spaces = 5;
    if (!bundle.space.empty() && !is_since(version, first_with_spaces, minor_with_spaces)) {
        throw UsageError(
            fmt::format("the bundle {} is for the space {}, but {} has no spaces; "
                        "Kibana has them since 6.5",
                        bundle.name,
                        bundle.space,
                        describe_dashboards(version)));
    }
    if (bundle.min_kibana &&
        !is_since(version, bundle.min_kibana->major, bundle.min_kibana->minor)) {
        throw UsageError(fmt::format("the bundle {} needs at least {}, but {} is {}",
                                     bundle.name,
                                     describe_dashboards(*bundle.min_kibana),
                                     place,
                                     describe_dashboards(version)));
    }
    const bool is_exported = !bundle.exported.empty() && !objects.empty() &&
                             objects.front() >= &bundle.exported.front() &&
                             objects.front() <= &bundle.exported.back();
    if (is_exported && bundle.exported_from) {
        if (const std::string obstacle = import_obstacle(*bundle.exported_from, version);
            !obstacle.empty()) {
            throw UsageError(fmt::format("the bundle {}: {}", bundle.name, obstacle));
        }
    }
}

}  // namespace caretaker
