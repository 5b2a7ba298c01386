// SPDX-License-Identifier: Apache-2.0
// The runs of all hosts, as their outboxes left them in Elasticsearch.
#pragma once

#include "common/http/service_http.hpp"
#include "common/store/run_records.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct Context;
class JsonDocument;

/// Every call asks the server, and throws RemoteError and JsonError for what it answers.
class SearchedRuns {
 public:
    /// Throws UsageError where the settings name no outbox, or a wrong one.
    explicit SearchedRuns(Context& context);

    /// As Store::runs(), of at most the newest 10 000 that a server finds.
    std::vector<RunRow> runs(const RunFilter& filter);

    /// As Store::find_run() does it, among as many. Throws UsageError where several are meant.
    std::optional<RunRow> find_run(std::string_view selector, std::string_view target);

    /// With the findings that were new or gone, and the actions.
    RunDetails run_details(const RunRow& run);

 private:
    JsonDocument search(const std::string& question);

    std::string index_;
    ServiceHttp http_;
};

}  // namespace caretaker
