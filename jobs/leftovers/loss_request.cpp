// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/loss_request.hpp"

#include "common/base/error.hpp"
#include "common/options/command_options.hpp"
#include "common/text/number.hpp"
#include "jobs/leftovers/leftovers_model.hpp"
#include "jobs/leftovers/loss_model.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace caretaker {

void LossRequest::describe(CommandOptions& command, std::string_view heading) {
    command.add("--lose-group",
                groups_,
                "Also what is lost with all agents of one value of an attribute; repeatable",
                {.type = "ATTRIBUTE", .group = heading});
    command.add_flag(
        "--no-n1", no_single_, "Leave out what is lost with each agent", {.group = heading});
    command.add_flag("--n2",
                     pairs_,
                     "Also what is lost with two agents at once: all pairs of up to 300 agents, "
                     "else 5000 of them",
                     {.group = heading});
    command.add("--n2-sample",
                sample_,
                "With --n2 and more than 300 agents: so many pairs",
                {.type = "N", .group = heading, .check = [](const std::string& text) {
                     return check_whole_number(text, 1, 1'000'000);
                 }});
}

void LossRequest::configure() const {
    if (sample_ > 0 && !pairs_) {
        throw UsageError("--n2-sample says how many pairs --n2 takes; add that, or leave it out");
    }
}

void LossRequest::judge(const ClusterFacts& facts,
                        const std::vector<Instances>& placed,
                        LeftoversResult& result) const {
    if (no_single_ && groups_.empty() && !pairs_) {
        return;
    }
    LossModel model(facts, facts.workload, placed);
    if (!model.now().agents.empty()) {
        result.draining_loss = model.now();
    }
    if (!no_single_) {
        result.agent_losses = model.lose_each_agent();
    }
    if (pairs_) {
        PairChoice choice;
        if (sample_ > 0) {
            choice.sample = static_cast<std::size_t>(sample_);
        }
        result.pair_losses = model.lose_pairs(choice);
    }
    for (const std::string& attribute : groups_) {
        if (const auto missing = find_missing_group(facts.cluster, attribute)) {
            throw UsageError("--lose-group: " + *missing);
        }
        result.group_losses.emplace_back(attribute, model.lose_each_value(attribute));
    }
}

std::vector<std::string_view> LossRequest::codes_left_out(bool knows_apps) const {
    std::vector<std::string_view> codes;
    if (no_single_ || !knows_apps) {
        codes.emplace_back("n1_unsafe");
    }
    if (groups_.empty() || !knows_apps) {
        codes.emplace_back("group_unsafe");
    }
    return codes;
}

}  // namespace caretaker
