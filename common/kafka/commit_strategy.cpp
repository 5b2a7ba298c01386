// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/commit_strategy.hpp"

#include "common/kafka/leader_chunks.hpp"

#include <algorithm>

namespace caretaker {

namespace {

/// Below this many partitions an answer is cheap in any case.
constexpr std::size_t short_answer = 500;
/// What a call costs beside its answer, in comparisons of two partitions.
constexpr double call_cost = 8'000;
constexpr std::size_t first_calls = 2;
constexpr std::size_t most_calls = 64;

/// Comparisons for an answer of `partitions`, squared.
double answer_cost(double square) {
    return square / 2;
}

}  // namespace

void CommitStrategy::learn(std::size_t commits) {
    ++answers_;
    const auto size = static_cast<double>(commits);
    squares_ += size * size;
}

bool CommitStrategy::prefers_parts(std::size_t owned) const {
    if (existing_ <= short_answer) {
        return false;
    }
    const auto width = static_cast<double>(owned);
    const double mean = answers_ == 0 ? 0 : squares_ / static_cast<double>(answers_);
    const auto part = static_cast<double>(partitions_per_request);
    const double parts = static_cast<double>(existing_) / part;
    return answer_cost(owned > 0 ? width * width : mean) >
           parts * (answer_cost(part * part) + call_cost);
}

std::size_t CommitStrategy::whole_calls_at_once(std::size_t owned) const {
    if (existing_ <= short_answer || owned > 0) {
        return most_calls;
    }
    return std::min(first_calls + answers_, most_calls);
}

}  // namespace caretaker
