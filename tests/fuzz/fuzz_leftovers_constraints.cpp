// SPDX-License-Identifier: Apache-2.0
// Any bytes as the constraints of an app and as attributes of agents: "CONSTRAINTS\nATTRIBUTES".
#include "common/clients/marathon_app.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/document_reader.hpp"
#include "jobs/leftovers/fit_model.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/support/text_input.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace {

using namespace caretaker;

ClusterFacts read_cluster(std::string_view attributes) {
    std::string text = R"({"slaves":[)";
    for (const char* host : {"h0", "h1"}) {
        text += std::string(text.ends_with('[') ? "" : ",") + R"({"id":")" + host +
                R"(","hostname":")" + host + R"(","resources":{"cpus":4,"mem":999},)" +
                R"("used_resources":{},"attributes":)" + std::string(attributes) + "}";
    }
    text += "]}";
    DocumentReader reader(OfferedResources::are_free);
    try {
        reader.read(text_input(std::string(text)), "fuzz");
    } catch (const JsonError&) {  // the other right answer
    }
    ClusterFacts facts = reader.finish();
    judge_agents(facts, {});
    return facts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t longest = 2'048;
    if (size > longest) {
        return 0;
    }
    const std::string_view text = fuzz::as_text(data, size);
    const std::size_t feed = std::min(text.find('\n'), text.size());
    const std::string_view attributes = text.substr(std::min(feed + 1, text.size()));
    MarathonApp app{.id = "/a", .cpus = 1'000, .mem = 1'000};
    try {
        const JsonDocument document = JsonDocument::parse(text.substr(0, feed), "fuzz");
        for (const JsonView& constraint : document.root().elements()) {
            app.constraints.push_back(read_marathon_constraint(constraint));
        }
    } catch (const JsonError&) {  // the other right answer
        return 0;
    }
    const ClusterFacts facts = read_cluster(attributes.empty() ? "{}" : attributes);
    const Workload workload{.is_known = true, .apps = {app}};
    const AppFit fit = compute_fits(facts, workload).apps.at(0);
    fuzz::require(0 <= fit.fits && fit.fits <= fit.fits_most, "the least is below the most");
    fuzz::require(fit.fits_most <= fit.local_fits, "constraints allow no more");
    return 0;
}
