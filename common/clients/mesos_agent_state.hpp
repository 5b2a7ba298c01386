// SPDX-License-Identifier: Apache-2.0
// A Mesos agent: what runs on it now.
#pragma once

#include "common/http/http.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class JsonView;

struct MesosAgentExecutor {
    std::string framework{};
    std::string id{};
    std::string container{};  // names the directory of its run
    std::string directory{};  // its sandbox, as the agent sees it
};

struct MesosAgentState {
    std::string id{};
    std::string work_dir{};                       // flags.work_dir, as the agent sees it
    std::vector<MesosAgentExecutor> executors{};  // that run
    std::set<std::string> containers{};           // all that run, those of no executor too
};

/// The answer to GET /state. Throws JsonError.
MesosAgentState parse_agent_state(JsonView state);

/// Adds the ids in the answer to GET /containers. Throws JsonError.
void add_agent_containers(JsonView containers, MesosAgentState& state);

class MesosAgentClient {
 public:
    explicit MesosAgentClient(HttpClient& http) : http_(http) {}

    /// Asks for `/state`, or what it is called before 0.26 and behind proxies, and for
    /// `/containers`, which agents before 1.0 do not have. Throws RemoteError: `unreachable` also
    /// for an answer that is no complete state, `denied` where it refuses to tell.
    MesosAgentState fetch_state();

 private:
    HttpClient& http_;
};

}  // namespace caretaker
