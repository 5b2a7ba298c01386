// SPDX-License-Identifier: Apache-2.0
// From the agents of documents, one after the other, to the flat cluster.
#pragma once

#include "common/clients/mesos_agent.hpp"
#include "jobs/leftovers/cluster.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// What outstanding offers are: they come back within seconds, or are as good as in use.
enum class OfferedResources { are_free, are_busy };

class ClusterBuilder {
 public:
    explicit ClusterBuilder(OfferedResources offered) : offered_(offered) {}

    /// Agents that follow stand in another document, which may list those of earlier ones again.
    void begin_document() { ++document_; }

    void add(const MesosAgent& agent);

    /// An agent that the master only remembers from before it was elected.
    void add_recovered(const MesosAgent& agent);

    /// What a task or executor of the same document uses on an agent; counts where the master does
    /// not tell sums itself, as those before 0.23.
    void add_use(const std::string& agent_id, const MesosSums& use);

    /// What was added so far, for rewind().
    struct Mark {
        std::size_t rows = 0;
        std::size_t without_use = 0;
        std::uint32_t document = 0;
        std::size_t pools = 0;
        std::size_t port_ranges = 0;
        std::size_t attributes = 0;
    };

    [[nodiscard]] Mark mark() const;

    /// Forgets what was added after `mark`: an answer that broke off, or of a master that leads no
    /// more.
    void rewind(const Mark& mark);

    /// Agents that one document lists twice; of each the one registered last counts.
    [[nodiscard]] std::int64_t listed_twice() const { return listed_twice_; }

    /// Whether it is not known what is in use on some agents, unless tasks tell.
    [[nodiscard]] bool needs_uses() const { return !without_use_.empty(); }

    /// Whether agents have a region.
    [[nodiscard]] bool has_regions() const {
        return std::ranges::any_of(rows_,
                                   [](const BuiltRow& built) { return built.row.region != 0; });
    }

    /// The cluster, once. Of an agent in several documents the detailed form counts. `region` is
    /// the master's, empty where it has none.
    Cluster finish(std::string_view region = {});

 private:
    struct BuiltRow {
        AgentRow row{};
        std::uint32_t document = 0;
        bool is_detailed = false;
    };

    /// Of one pool of the agent at hand.
    struct Amounts {
        Pool pool{};
        PortSet total{};
        PortSet used{};
        PortSet offered{};
    };

    /// A number of Pool and the ports that stand beside it.
    struct Counted {
        Milli Pool::*amount;
        PortSet Amounts::*ports;
    };

    static constexpr Counted in_total{&Pool::total, &Amounts::total};
    static constexpr Counted in_use{&Pool::used, &Amounts::used};
    static constexpr Counted on_offer{&Pool::offered, &Amounts::offered};

    BuiltRow begin_row(const MesosAgent& agent);
    void add_entries(const std::vector<MesosResource>& entries, Counted counted);
    void add_hidden(const MesosAgent& agent, AgentRow& row);
    void add_sums(const MesosAgent& agent, const MesosSums& used, AgentRow& row);
    Amounts& amounts_of(const Pool& key);
    Amounts& amounts_of(std::string_view resource, std::uint32_t stack);
    std::uint32_t stack_of(const std::vector<MesosReservation>& reservations);
    std::uint32_t add_stack(const std::string& key, ReservationStack stack);
    void settle(Amounts& amounts, AgentRow& row) const;
    void end_row(BuiltRow built);
    std::vector<BuiltRow> drop_repeated();

    OfferedResources offered_;
    Cluster cluster_{};
    std::vector<BuiltRow> rows_{};
    std::uint32_t document_ = 0;
    std::int64_t listed_twice_ = 0;
    std::vector<Amounts> amounts_{};  // of the agent at hand
    std::map<std::string, std::uint32_t, std::less<>> stack_ids_{};
    std::map<std::pair<std::uint32_t, std::string>, MesosSums> uses_{};  // by document and agent
    std::vector<std::pair<MesosAgent, std::uint32_t>> without_use_{};    // and their documents
};

}  // namespace caretaker
