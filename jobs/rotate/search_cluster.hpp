// SPDX-License-Identifier: Apache-2.0
// What a run reads from Elasticsearch or OpenSearch: few requests, however many indices there are.
#pragma once

#include "common/clients/search_engine.hpp"
#include "common/http/service_http.hpp"
#include "jobs/rotate/index_facts.hpp"
#include "jobs/rotate/rotate_plan.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

/// All its functions throw RemoteError (also where reading is denied) and JsonError. Requests go
/// to the paths of the engine's version; see has_feature().
class SearchCluster {
 public:
    /// Asks `GET /` who answers. `http` must outlive this object.
    explicit SearchCluster(ServiceHttp& http);

    [[nodiscard]] const SearchEngine& engine() const { return engine_; }

    /// Whether the node that answers is the elected master.
    [[nodiscard]] bool is_elected_master();

    /// Every index, hidden ones too, sorted by name, by at most four requests: settings, sizes,
    /// aliases, data streams.
    [[nodiscard]] std::vector<IndexFacts> fetch_indices();

    /// Names, uuids and states alone; by one request.
    [[nodiscard]] std::vector<IndexFacts> fetch_names();

    /// Sets the number of segments of all open indices.
    void fetch_segments(std::vector<IndexFacts>& indices);

    /// Sets the range of each wanted field, 100 indices a request.
    void fetch_ranges(std::vector<IndexFacts>& indices,
                      std::span<const std::pair<std::uint32_t, std::string>> wanted);

    /// The snapshots of a repository, sorted by name; `problem` is set where there is none of that
    /// name.
    [[nodiscard]] std::vector<IndexFacts> fetch_snapshots(const std::string& repository,
                                                          std::string& problem);

    /// What a rollover would do. `body` holds its conditions; `problem` is set where the server
    /// refuses it.
    [[nodiscard]] RolloverForecast forecast_rollover(const std::string& alias,
                                                     const std::string& new_index,
                                                     const std::string& body,
                                                     std::string& problem);

    [[nodiscard]] ServiceHttp& http() { return http_; }

 private:
    void fetch_settings(std::vector<IndexFacts>& indices);
    void fetch_sizes(std::vector<IndexFacts>& indices);
    void fetch_aliases(std::vector<IndexFacts>& indices);
    void fetch_streams(std::vector<IndexFacts>& indices);
    [[nodiscard]] std::string wildcards(char joint) const;

    ServiceHttp& http_;
    SearchEngine engine_{};
};

}  // namespace caretaker
