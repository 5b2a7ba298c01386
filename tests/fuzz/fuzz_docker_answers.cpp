// SPDX-License-Identifier: Apache-2.0
// Answers of a Docker Engine and of a Mesos agent.
#include "common/clients/docker_answers.hpp"
#include "common/clients/docker_engine.hpp"
#include "common/clients/mesos_agent_state.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_view.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <string>

namespace {

/// Reads what `read` is meant for; another shape is an error, never more.
template <typename Read>
void try_to(const Read& read) {
    try {
        read();
    } catch (const caretaker::JsonError&) {  // the only error there may be
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    judge_docker_removal({.status = 500, .body = std::string(text)});
    parse_docker_time(text);
    try_to([&] {
        const JsonDocument document = JsonDocument::parse(text, "docker");
        const JsonView root = document.root();
        try_to([&] {
            DockerContainer container = parse_docker_container(root);
            add_container_details(root, container);
        });
        try_to([&] {
            DockerImage image = parse_docker_image(root);
            add_image_details(root, image);
            for (const std::string& tag : image.tags) {
                fuzz::require(!tag.starts_with("<none>"), "no tag is none");
            }
        });
        try_to([&] { parse_docker_volume(root); });
        try_to([&] { parse_docker_cache_record(root); });
        try_to([&] {
            MesosAgentState state = parse_agent_state(root);
            add_agent_containers(root, state);
        });
    });
    return 0;
}
