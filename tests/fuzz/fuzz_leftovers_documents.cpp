// SPDX-License-Identifier: Apache-2.0
// Any bytes as a document of a Mesos master or a Marathon: whatever is read adds up.
#include "common/json/json_error.hpp"
#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/document_reader.hpp"
#include "jobs/leftovers/fit_model.hpp"
#include "jobs/leftovers/leftovers_model.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <numeric>
#include <span>
#include <string_view>

namespace {

using namespace caretaker;

/// What could be read until a mistake ended it.
ClusterFacts read(std::string_view text) {
    DocumentReader reader(OfferedResources::are_free);
    std::string_view rest = text;
    const JsonSource source = [&](std::span<char> buffer) {
        const std::size_t count = std::min({std::size_t{512}, buffer.size(), rest.size()});
        std::copy_n(rest.begin(), count, buffer.begin());
        rest.remove_prefix(count);
        return count;
    };
    try {
        reader.read(source, "fuzz");
    } catch (const JsonError&) {  // the other right answer
    }
    return reader.finish();
}

void check_sums(const ClusterFacts& facts, const RoleChoice& choice) {
    const RoleView view = view_by_role(facts.cluster, facts.flags, choice);
    for (const ResourceSums& sums : sum_leftovers(facts.cluster, view).resources) {
        fuzz::require(sums.left == sums.free + sums.reserved_free + sums.dust + sums.volumes,
                      "what is left is free, reserved, dust or a volume");
        fuzz::require(sums.free >= 0 && sums.largest <= sums.free, "pieces are parts of the whole");
    }
}

void check_fits(const ClusterFacts& facts) {
    const auto agents = std::ssize(facts.cluster.agents);
    for (const AppFit& fit : compute_fits(facts, facts.workload).apps) {
        fuzz::require(0 <= fit.fits && fit.fits <= fit.fits_most, "the least is below the most");
        fuzz::require(fit.fits_most <= fit.local_fits, "constraints allow no more");
        const std::int64_t judged =
            std::accumulate(fit.refusals.begin(), fit.refusals.end(), std::int64_t{0});
        fuzz::require(judged == (fit.unsupported.empty() ? agents : 0), "each agent has a reason");
    }
}

void check_texts(std::string_view text) {
    if (const auto ports = PortSet::parse(text)) {
        fuzz::require(PortSet::parse(ports->text()) == ports, "a set of ports is read back");
    }
    (void)parse_min_allocatable(text);
    if (const auto amount = parse_milli(text)) {
        fuzz::require(parse_milli(format_milli(*amount)) == amount, "an amount is read back");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t longest = 32'768;
    if (size > longest) {
        return 0;
    }
    const std::string_view text = fuzz::as_text(data, size);
    check_texts(text);
    ClusterFacts facts = read(text);
    judge_agents(facts, {.now = WallTime(std::chrono::seconds(1'700'000'000))});
    check_sums(facts, {});
    check_sums(facts, {.role = "logs"});
    check_fits(facts);
    return 0;
}
