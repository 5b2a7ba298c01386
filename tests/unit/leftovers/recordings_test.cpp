// SPDX-License-Identifier: Apache-2.0
// Answers of real servers: each is read or refused, and what it tells of resources adds up.
// CARETAKER_RECORDINGS names a folder of one's own to be read, too.
#include "common/json/json_error.hpp"
#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/leftovers_model.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

namespace fs = std::filesystem;

/// The body of a saved answer, or a file of JSON as it is.
std::string read_body(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::size_t end = text.find("\r\n\r\n");
    return text.starts_with("HTTP/") && end != std::string::npos ? text.substr(end + 4) : text;
}

/// Nothing for what is no JSON of a known shape: another service's, compressed, an error page.
std::optional<ClusterFacts> try_read(const fs::path& path) {
    try {
        ClusterFacts facts = testing::read_facts({read_body(path)});
        judge_agents(facts, {});
        return facts;
    } catch (const JsonError&) {  // the other right answer
        return std::nullopt;
    }
}

std::vector<fs::path> recordings() {
    std::vector<fs::path> files;
    std::vector<fs::path> folders{fs::path(CARETAKER_SOURCE_DIR) / "tests/data/mesos"};
    if (const char* own = std::getenv("CARETAKER_RECORDINGS")) {
        folders.emplace_back(own);
    }
    for (const fs::path& folder : folders) {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            const auto extension = entry.path().extension();
            if (extension == ".http" || extension == ".json") {
                files.push_back(entry.path());
            }
        }
    }
    return files;
}

TEST(Recordings, AreReadAndWhatTheyTellAddsUp) {
    std::size_t agents = 0;
    std::size_t documents = 0;
    for (const fs::path& path : recordings()) {
        const auto facts = try_read(path);
        if (!facts) {
            continue;
        }
        ++documents;
        EXPECT_TRUE(facts->unread.empty()) << path << ": " << facts->unread[0].message;
        agents += facts->cluster.agents.size();
        for (const AgentRow& agent : facts->cluster.agents) {
            EXPECT_FALSE(agent.has_negative_rest) << path << ' ' << agent.hostname;
            for (const Pool& pool : facts->cluster.pools_of(agent)) {
                EXPECT_EQ(pool.total, pool.is_shared ? pool.left : pool.used + pool.left)
                    << path << ' ' << agent.hostname;
            }
        }
        for (const char* role : {"*", "logs", "eng/web"}) {
            const RoleView view = view_by_role(facts->cluster, facts->flags, {.role = role});
            for (const ResourceSums& sums : sum_leftovers(facts->cluster, view).resources) {
                EXPECT_EQ(sums.left, sums.free + sums.reserved_free + sums.dust + sums.volumes)
                    << path << ' ' << sums.name;
            }
        }
    }
    EXPECT_GE(agents, 3U);
    std::cout << documents << " documents, " << agents << " agents\n";
}

}  // namespace
}  // namespace caretaker
