// SPDX-License-Identifier: Apache-2.0
#include "common/cli/value_rules.hpp"

#include "common/cli/heartbeat.hpp"
#include "common/clients/http_settings.hpp"
#include "common/clients/kafka_settings.hpp"
#include "common/metrics/statsd_settings.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <tuple>

namespace caretaker {

std::vector<ValueRule> all_value_rules(std::span<const ValueRule> of_jobs) {
    std::vector<ValueRule> rules{
        {.key = "ping.url", .problem = [](auto text, auto) { return ping_url_problem(text); }}};
    std::ranges::move(statsd_value_rules(), std::back_inserter(rules));
    std::ranges::move(kafka_value_rules(), std::back_inserter(rules));
    std::ranges::move(http_value_rules(), std::back_inserter(rules));
    rules.insert(rules.end(), of_jobs.begin(), of_jobs.end());
    return rules;
}

std::vector<ConfigProblem> all_problems(const LoadedSettings& loaded) {
    std::vector<ConfigProblem> problems = loaded.problems;
    std::ranges::transform(loaded.doubtful, std::back_inserter(problems), &DoubtfulValue::problem);
    std::map<std::string, std::size_t> places;  // of the files
    for (const ConfigProblem& problem : problems) {
        places.emplace(problem.file, places.size());
    }
    std::ranges::stable_sort(problems, {}, [&](const ConfigProblem& problem) {
        return std::tuple(places.at(problem.file), problem.line, problem.column);
    });
    return problems;
}

std::vector<std::string> doubts_in_effect(const LoadedSettings& loaded) {
    std::vector<std::string> sentences;
    for (const DoubtfulValue& value : loaded.doubtful) {
        if (is_in_effect(value, loaded.settings)) {
            sentences.push_back(format_problem(value.problem));
        }
    }
    return sentences;
}

}  // namespace caretaker
