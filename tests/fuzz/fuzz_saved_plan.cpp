// SPDX-License-Identifier: Apache-2.0
// A saved plan of `caretaker cleanup`.
#include "common/base/error.hpp"
#include "jobs/cleanup/saved_plan.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <chrono>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    const WallTime now{std::chrono::seconds{1'772'370'000}};
    try {
        const SavedPlan plan = SavedPlan::parse(text, "the plan", "h1", now);
        fuzz::require(!plan.find({}), "nothing is no planned thing");
    } catch (const UsageError&) {  // the only error there may be
    }
    return 0;
}
