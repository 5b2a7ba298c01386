// SPDX-License-Identifier: Apache-2.0
// Kibana's saved objects: read, written, found, imported, exported.
#pragma once

#include "tests/sandbox/kibana_state.hpp"
#include "tests/sandbox/request_target.hpp"
#include "tests/support/fake_server.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caretaker::sandbox {

/// {"statusCode":…,"error":…,"message":…}
ServedAnswer kibana_error(int status, const std::string& message);

/// /api/saved_objects/…, where `path` is what follows it; nothing for what is no route.
std::optional<ServedAnswer> answer_saved_objects(KibanaState& state,
                                                 const std::string& space,
                                                 const std::vector<std::string>& path,
                                                 const RequestTarget& target,
                                                 const HttpRequest& request);

/// Reads the part named "file" of a multipart/form-data body; nothing where there is none.
std::optional<std::string> read_form_file(const HttpRequest& request);

/// A data view or index pattern by its old and new routes; `member` is "data_view" or
/// "index_pattern".
ServedAnswer answer_data_views(KibanaState& state,
                               const std::string& space,
                               const std::vector<std::string>& path,
                               const std::string& member,
                               const HttpRequest& request);

}  // namespace caretaker::sandbox
