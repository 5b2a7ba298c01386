// SPDX-License-Identifier: Apache-2.0
// What Kibana's import of saved objects answered. It says 200 also when it failed.
#pragma once

#include "common/json/json_view.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

enum class ImportFault {
    conflict,  // an object of that id exists: to be read and compared
    ambiguous_conflict,
    missing_references,
    unsupported_type,
    unknown,  // also every kind that later versions add
};

struct ImportRefusal {
    std::string type{};
    std::string id{};
    ImportFault fault = ImportFault::unknown;
    std::string kind{};  // as the service names it
};

struct ImportAnswer {
    bool complete = false;  // everything that was sent is stored
    std::int64_t stored = 0;
    std::vector<ImportRefusal> refusals{};
};

/// Reads the answer to an import of `sent` objects. Without refusals it is still not complete when
/// the service says so or counts fewer objects than were sent. Throws JsonError "json_shape".
ImportAnswer read_import_answer(const JsonView& answer, std::int64_t sent);

}  // namespace caretaker
