// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/flow_fit_model.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

/// Dinic's algorithm: flow along shortest ways until there is none, in rounds of rising length.
class FlowNetwork {
 public:
    explicit FlowNetwork(std::size_t nodes) : edges_of_(nodes) {}

    void add(std::size_t from, std::size_t to, std::int64_t capacity) {
        edges_of_[from].push_back(edges_.size());
        edges_.push_back({to, capacity});
        edges_of_[to].push_back(edges_.size());
        edges_.push_back({from, 0});  // takes back what flows
    }

    std::int64_t push_all(std::size_t source, std::size_t sink) {
        std::int64_t flow = 0;
        while (measure(source, sink)) {
            next_.assign(edges_of_.size(), 0);
            while (const std::int64_t more =
                       push(source, sink, std::numeric_limits<std::int64_t>::max())) {
                flow += more;
            }
        }
        return flow;
    }

 private:
    struct Edge {
        std::size_t to = 0;
        std::int64_t left = 0;
    };

    /// Steps from the source by edges with something left; false where the sink is cut off.
    bool measure(std::size_t source, std::size_t sink) {
        steps_.assign(edges_of_.size(), -1);
        steps_[source] = 0;
        std::vector<std::size_t> queue{source};
        for (std::size_t i = 0; i < queue.size(); ++i) {
            for (const std::size_t edge : edges_of_[queue[i]]) {
                const std::size_t to = edges_[edge].to;
                if (edges_[edge].left > 0 && steps_[to] < 0) {
                    steps_[to] = steps_[queue[i]] + 1;
                    queue.push_back(to);
                }
            }
        }
        return steps_[sink] >= 0;
    }

    /// A way is three edges long at first, and back and forth between the fields later: no longer
    /// than there are values.
    std::int64_t push(std::size_t node, std::size_t sink, std::int64_t most) {
        if (node == sink) {
            return most;
        }
        for (; next_[node] < edges_of_[node].size(); ++next_[node]) {
            const std::size_t index = edges_of_[node][next_[node]];
            const Edge edge = edges_[index];
            if (edge.left == 0 || steps_[edge.to] != steps_[node] + 1) {
                continue;
            }
            const std::int64_t pushed = push(edge.to, sink, std::min(most, edge.left));
            if (pushed > 0) {
                edges_[index].left -= pushed;
                edges_[index ^ 1U].left += pushed;
                return pushed;
            }
        }
        return 0;
    }

    std::vector<Edge> edges_{};  // each beside its way back
    std::vector<std::vector<std::size_t>> edges_of_;
    std::vector<std::int64_t> steps_{};
    std::vector<std::size_t> next_{};  // edge to try, by node
};

}  // namespace

std::int64_t fit_two_fields(const CappedField& one,
                            const CappedField& other,
                            std::span<const std::int32_t> capacities) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> rooms;
    for (std::size_t i = 0; i < capacities.size(); ++i) {
        if (capacities[i] > 0 && one.values[i] != FieldColumn::missing &&
            other.values[i] != FieldColumn::missing) {
            rooms[{one.values[i], other.values[i]}] += capacities[i];
        }
    }
    const std::size_t source = one.counts.size() + other.counts.size();
    const std::size_t sink = source + 1;
    FlowNetwork network(sink + 1);
    for (std::size_t value = 0; value < one.counts.size(); ++value) {
        network.add(source, value, std::max<std::int64_t>(0, one.most - one.counts[value]));
    }
    for (const auto& [values, room] : rooms) {
        network.add(values.first, one.counts.size() + values.second, room);
    }
    for (std::size_t value = 0; value < other.counts.size(); ++value) {
        network.add(one.counts.size() + value,
                    sink,
                    std::max<std::int64_t>(0, other.most - other.counts[value]));
    }
    return network.push_all(source, sink);
}

}  // namespace caretaker
