// SPDX-License-Identifier: Apache-2.0
#include "jobs/history/searched_runs.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/clients/http_settings.hpp"
#include "common/config/settings.hpp"
#include "common/json/json_document.hpp"
#include "common/store/outbox_index.hpp"
#include "common/store/run_selector.hpp"
#include "jobs/history/run_documents.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

namespace {

constexpr std::size_t most_found = 10'000;  // index.max_result_window, unless it was changed

ServiceOptions outbox_options(const Settings& settings) {
    if (settings.texts(fmt::format("{}.urls", outbox_section)).empty()) {
        throw UsageError(
            "--from es: no run leaves its documents there; set outbox.elasticsearch.urls");
    }
    return load_section_http_options(settings, outbox_section, "elasticsearch");
}

}  // namespace

SearchedRuns::SearchedRuns(Context& context)
    : index_(outbox_index(context.settings.text("outbox.index"), "*")),
      http_(outbox_options(context.settings), context) {}

JsonDocument SearchedRuns::search(const std::string& question) {
    const HttpResponse response = http_.require(
        {.method = HttpMethod::post,
         .url = fmt::format("/{}/_search?ignore_unavailable=true&allow_no_indices=true", index_),
         .headers = {{"Content-Type", "application/json"}},
         .body = question,
         .effect = HttpEffect::read});
    return JsonDocument::parse(response.body,
                               fmt::format("elasticsearch: POST /{}/_search", index_));
}

std::vector<RunRow> SearchedRuns::runs(const RunFilter& filter) {
    std::vector<RunRow> found;
    const auto wanted = static_cast<std::size_t>(filter.limit);
    SearchPage page;
    bool has_more = true;
    while (has_more && found.size() < wanted && page.from + page.size <= most_found) {
        const std::vector<RunRow> runs =
            read_runs(search(format_runs_question(filter, page)).root());
        std::ranges::copy_if(
            runs, std::back_inserter(found), [&](const RunRow& run) { return fits(filter, run); });
        has_more = !runs.empty();
        page.from += page.size;
    }
    std::ranges::stable_sort(found, std::ranges::greater{}, &RunRow::started_at);
    found.resize(std::min(found.size(), wanted));
    return found;
}

std::optional<RunRow> SearchedRuns::find_run(std::string_view selector, std::string_view target) {
    if (const auto last = parse_last(selector, target)) {
        const std::vector<RunRow> found = runs(*last);
        return found.empty() ? std::nullopt : std::optional(found.front());
    }
    return choose_by_id(selector, runs({.limit = most_found}));
}

RunDetails SearchedRuns::run_details(const RunRow& run) {
    return {
        .run = run,
        .findings = read_findings(search(format_parts_question("finding", run, {})).root(), run),
        .actions = read_actions(search(format_parts_question("action", run, {})).root(), run)};
}

}  // namespace caretaker
