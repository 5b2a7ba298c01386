// SPDX-License-Identifier: Apache-2.0
// Elasticsearch or OpenSearch as a run talks to it: its client, and which version answers.
//
// Paths and parameters everywhere in this folder: those that Elasticsearch 1 to 9 and OpenSearch 1
// to 3 take, tried on real ones; from Elasticsearch 5 on an unknown parameter is refused, so that
// has_feature() decides.
#pragma once

#include "common/clients/search_engine.hpp"
#include "common/http/service_http.hpp"

#include <string>

namespace caretaker {

/// All its functions throw RemoteError (also where reading is denied) and JsonError.
class SearchCluster {
 public:
    /// Asks `GET /` who answers; Elasticsearch may also keep its version to itself. `http` must
    /// outlive this object.
    explicit SearchCluster(ServiceHttp& http);

    [[nodiscard]] const SearchEngine& engine() const { return engine_; }

    [[nodiscard]] bool has(SearchFeature feature) const { return has_feature(engine_, feature); }

    [[nodiscard]] ServiceHttp& http() const { return http_; }

    /// Whether the node that answers is the elected master.
    [[nodiscard]] bool is_elected_master();

    /// "?expand_wildcards=…" with everything that the version knows; `joint` is ? or &.
    [[nodiscard]] std::string wildcards(char joint) const;

 private:
    ServiceHttp& http_;
    SearchEngine engine_{};
};

}  // namespace caretaker
