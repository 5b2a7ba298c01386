// SPDX-License-Identifier: Apache-2.0
// Resources in the two forms that Mesos shows: sums by name, and typed lists.
#pragma once

#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/platform_state.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// {"disk":…,"mem":…,"gpus":…,"cpus":…,"ports":"[…]"}: plain doubles, added up.
void write_summed(Json& json,
                  std::string_view name,
                  const std::vector<FakeResource>& list,
                  const MesosVersion& version);

/// How reservations are shown.
enum class ReservationForm {
    role_and_stack,  // "role", for a dynamic one "reservation", and "reservations" (1.4 and later)
    role_only,       // before 1.4
    stack_only,      // what frameworks with RESERVATION_REFINEMENT and tasks of /api/v1 show
};

void write_typed(Json& json, const FakeResource& resource, ReservationForm form);

/// [{"name":…,"type":…}, …]
void write_typed_list(Json& json, const std::vector<FakeResource>& list, ReservationForm form);

/// The form in which documents of that version show whole agents.
ReservationForm agent_form(const MesosVersion& version);

/// Reserved entries by role in force.
std::map<std::string, std::vector<FakeResource>> by_role(const std::vector<FakeResource>& list);

std::vector<FakeResource> unreserved(const std::vector<FakeResource>& list);

/// As the typed list of `attributes` in /api/v1 and in offers.
void write_typed_attributes(Json& json, const std::vector<FakeAttribute>& attributes);

/// The object `attributes` of v0 documents; an attribute given twice is there twice.
void write_attributes(Json& json, const std::vector<FakeAttribute>& attributes);

/// {"fault_domain":{"region":{"name":…},"zone":{"name":…}}}
void write_domain(Json& json, std::string_view region, std::string_view zone);

}  // namespace caretaker::sandbox
