// SPDX-License-Identifier: Apache-2.0
// Definitions of Chronos jobs: what is taken, filled in, refused and shown.
#pragma once

#include "tests/sandbox/chronos_state.hpp"
#include "tests/sandbox/document_stream.hpp"

#include <string>
#include <string_view>

namespace caretaker::sandbox {

/// Thrown by whatever finds it. From 3.0 on the body is JSON.
struct ChronosRefusal {
    int status = 400;
    std::string message{};
};

/// The members that every job has in that version.
ChronosFields default_chronos_fields(const ChronosVersion& version);

/// Reads a body of POST iso8601 or dependency; `is_there`: it replaces a job of that name, whose
/// name is not judged again. Unknown members are dropped without a word, null is stored as the text
/// "null", amounts of 0 become the server's own. Throws ChronosRefusal.
FakeChronosJob read_chronos_job(const std::string& body,
                                const ChronosState& state,
                                bool is_dependency);

/// The name in the body, a number as text; empty where there is none or the body is no job.
std::string read_job_name(const std::string& body);

/// As lists show it: from 2.5 on with "uris" and "fetch", each made of the other.
void write_chronos_job(Json& json, const FakeChronosJob& job, const ChronosVersion& version);

/// Whether it is R[n]/START/PERIOD.
bool is_schedule(std::string_view text);

}  // namespace caretaker::sandbox
