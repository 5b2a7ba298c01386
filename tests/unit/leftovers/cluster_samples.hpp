// SPDX-License-Identifier: Apache-2.0
// Clusters for tests, read from JSON as a master would send it.
#pragma once

#include "jobs/leftovers/document_reader.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace caretaker::testing {

/// `text`, whole.
inline JsonSource source_of(std::string_view text) {
    return [rest = text](std::span<char> buffer) mutable {
        const std::size_t count = std::min(buffer.size(), rest.size());
        std::copy_n(rest.begin(), count, buffer.begin());
        rest.remove_prefix(count);
        return count;
    };
}

/// The facts of documents.
inline ClusterFacts read_facts(std::initializer_list<std::string_view> documents,
                               OfferedResources offered = OfferedResources::are_free) {
    DocumentReader reader(offered);
    for (const std::string_view document : documents) {
        reader.read(source_of(document), "test");
    }
    return reader.finish();
}

/// /slaves with one agent of all kinds of reservations: unreserved 10 cpus, 20480 MB, ports
/// 31000-31009, of which 6.5, 9216 and three ports are in use; static for `logs` 4 and 8192, in use
/// 1 and 2048; refined from `logs` to `logs/es` 2 and 4096, in use 2 and 1024; revocable 1.5 cpus.
inline constexpr std::string_view reserved_agent = R"({"slaves":[{
 "id":"S0","hostname":"h1","pid":"slave(1)@10.0.0.1:5051","active":true,
 "unreserved_resources_full":[
  {"name":"cpus","scalar":{"value":10},"role":"*"},
  {"name":"mem","scalar":{"value":20480},"role":"*"},
  {"name":"ports","ranges":{"range":[{"begin":31000,"end":31009}]},"role":"*"},
  {"name":"cpus","scalar":{"value":1.5},"role":"*","revocable":{}}],
 "reserved_resources_full":{
  "logs":[{"name":"cpus","scalar":{"value":4},"role":"logs",
           "reservations":[{"type":"STATIC","role":"logs"}]},
          {"name":"mem","scalar":{"value":8192},"role":"logs",
           "reservations":[{"type":"STATIC","role":"logs"}]}],
  "logs/es":[{"name":"cpus","scalar":{"value":2},
              "reservations":[{"type":"STATIC","role":"logs"},{"type":"DYNAMIC","role":"logs/es"}]},
             {"name":"mem","scalar":{"value":4096},
              "reservations":[{"type":"STATIC","role":"logs"},{"type":"DYNAMIC","role":"logs/es"}]}]},
 "used_resources_full":[
  {"name":"cpus","scalar":{"value":6.5},"role":"*","allocation_info":{"role":"web"}},
  {"name":"mem","scalar":{"value":9216},"role":"*","allocation_info":{"role":"web"}},
  {"name":"ports","ranges":{"range":[{"begin":31002,"end":31003},{"begin":31007,"end":31007}]},"role":"*"},
  {"name":"cpus","scalar":{"value":1},"reservations":[{"type":"STATIC","role":"logs"}]},
  {"name":"mem","scalar":{"value":2048},"reservations":[{"type":"STATIC","role":"logs"}]},
  {"name":"cpus","scalar":{"value":2},
   "reservations":[{"type":"STATIC","role":"logs"},{"type":"DYNAMIC","role":"logs/es"}]},
  {"name":"mem","scalar":{"value":1024},
   "reservations":[{"type":"STATIC","role":"logs"},{"type":"DYNAMIC","role":"logs/es"}]}],
 "offered_resources_full":[{"name":"cpus","scalar":{"value":0.5},"role":"*"}]}]})";

}  // namespace caretaker::testing
