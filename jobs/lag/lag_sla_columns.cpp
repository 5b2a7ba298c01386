// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_sla_columns.hpp"

#include "common/base/table_columns.hpp"
#include "jobs/lag/lag_sla.hpp"

namespace caretaker {

void add_late_columns(Table& table, const LagFacts& facts) {
    for (const SlaFacts& one : facts.sla) {
        const std::string word = sla_word(one.limit);
        table.columns.push_back(number_column("late_" + word, ">" + word));
    }
}

void add_late_cells(std::vector<Cell>& row,
                    std::span<const PartitionLag> partitions,
                    const LagFacts& facts) {
    for (const std::int64_t late : count_late(partitions, facts)) {
        row.emplace_back(late);
    }
}

void add_kept_columns(Table& table, const LagFacts& facts) {
    if (!facts.sla.empty()) {
        table.columns.push_back(text_column("sla", "SLA"));
        table.columns.push_back(machine_column("sla_ms"));
    }
}

void add_kept_cells(std::vector<Cell>& row, const PartitionLag& partition, const LagFacts& facts) {
    if (facts.sla.empty()) {
        return;
    }
    const auto kept = find_kept_limit(partition, facts);
    if (!kept) {
        row.resize(row.size() + 2);
    } else if (*kept == facts.sla.size()) {
        row.emplace_back(">" + sla_word(facts.sla.back().limit));
        row.emplace_back();
    } else {
        row.emplace_back("<=" + sla_word(facts.sla[*kept].limit));
        row.emplace_back(std::int64_t{facts.sla[*kept].limit.count()});
    }
}

}  // namespace caretaker
