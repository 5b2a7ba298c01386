// SPDX-License-Identifier: Apache-2.0
// Any bytes as a line of `lag judge`: a case that is judged and answered, or a complaint.
#include "common/json/json_error.hpp"
#include "common/output/json_writer.hpp"
#include "jobs/lag/lag_judge_line.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    try {
        const JudgeLine line = parse_judge_line(fuzz::as_text(data, size), "fuzz");
        const Judgement judgement = judge_partition(line.given(), line.parameters);
        const JudgeRules& rules = judgement.rules;
        fuzz::require(!rules.rewind_index || *rules.rewind_index < line.points.size(),
                      "a rewind is at a point");
        fuzz::require(judgement.status == LagStatus::ok || line.lag > line.parameters.allowed_lag,
                      "what is within the allowed lag is fine");
        JsonWriter json;
        write_judgement(json, line, judgement);
        fuzz::require(std::ranges::count(json.text(), '\n') == 1, "an answer is one line");
    } catch (const JsonError& error) {  // the other right answer
        fuzz::require(std::string_view(error.what()).starts_with("fuzz: "),
                      "a complaint says where");
    }
    return 0;
}
