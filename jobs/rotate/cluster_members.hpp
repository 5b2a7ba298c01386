// SPDX-License-Identifier: Apache-2.0
// Several addresses must be of one cluster: otherwise half a plan is carried out somewhere else.
#pragma once

#include "common/base/context.hpp"
#include "common/http/service_http.hpp"

namespace caretaker {

/// Asks every address once who it is, and leaves out those that do not answer, with a warning in
/// the log, unless none does. Nothing is asked where there is one address alone. Throws UsageError
/// when two of them are of different clusters.
ServiceOptions check_cluster_members(ServiceOptions service, Context& context);

}  // namespace caretaker
