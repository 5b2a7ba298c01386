// SPDX-License-Identifier: Apache-2.0
// What the fake search engine answers about itself: version, health, nodes, disks.
#pragma once

#include "tests/sandbox/search_call.hpp"

#include <string>

namespace caretaker::sandbox {

std::string describe_engine(SearchCall& call);  // GET /
std::string answer_cluster(SearchCall& call);   // everything below /_cluster
std::string answer_nodes(SearchCall& call);     // GET /_nodes/stats/fs
std::string cat_shards(SearchCall& call);       // GET /_cat/shards[/{indices}]
std::string explain_managed(SearchCall& call);  // GET /_plugins/_ism/explain/*

}  // namespace caretaker::sandbox
