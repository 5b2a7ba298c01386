// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_import_model.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

ImportFault fault_of(std::string_view kind) {
    constexpr std::array<std::pair<std::string_view, ImportFault>, 4> kinds{{
        {"conflict", ImportFault::conflict},
        {"ambiguous_conflict", ImportFault::ambiguous_conflict},
        {"missing_references", ImportFault::missing_references},
        {"unsupported_type", ImportFault::unsupported_type},
    }};
    for (const auto& [name, fault] : kinds) {
        if (name == kind) {
            return fault;
        }
    }
    return ImportFault::unknown;
}

}  // namespace

ImportAnswer read_import_answer(const JsonView& answer, std::int64_t sent) {
    ImportAnswer result;
    const bool success = answer.at("success").flag();
    result.stored = answer.at("successCount").integer();
    if (const std::optional<JsonView> errors = answer.find("errors")) {
        for (const JsonView& error : errors->elements()) {
            ImportRefusal refusal;
            refusal.type = error.at("type").text();
            refusal.id = error.at("id").text();
            refusal.kind = error.at("error").at("type").text();
            refusal.fault = fault_of(refusal.kind);
            result.refusals.push_back(std::move(refusal));
        }
    }
    result.complete = success && result.refusals.empty() && result.stored == sent;
    return result;
}

}  // namespace caretaker
