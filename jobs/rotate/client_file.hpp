// SPDX-License-Identifier: Apache-2.0
// Curator's client files, which say how the cluster is reached.
#pragma once

#include "common/http/service_http.hpp"
#include "jobs/rotate/curator_value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct ClientFile {
    ServiceOptions service{};
    bool master_only = false;  // do nothing unless the node asked is the elected master
    std::vector<ConfigProblem> problems{};
};

/// Whether a file is one: its root has the key `client`, or `elasticsearch` with `client` or
/// `other_settings` in it.
bool is_client_file(std::string_view text);

/// Whether it may be one where one is expected: it is empty, or cannot be read, or its root has no
/// other keys than those of such files.
bool may_be_client_file(std::string_view text);

/// Reads the files of Curator 4 to 7 (root key `client`) and of 8 and 9 (`elasticsearch`). What
/// tunes Curator's Python client, and `logging`, is checked by its name and has no effect.
ClientFile read_client_file(std::string_view text,
                            std::string_view file,
                            const VariableLookup& variables);

}  // namespace caretaker
