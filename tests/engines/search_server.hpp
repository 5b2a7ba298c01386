// SPDX-License-Identifier: Apache-2.0
// A real Elasticsearch or OpenSearch of one node on loopback.
#pragma once

#include "common/base/stop_signal.hpp"
#include "common/http/http.hpp"
#include "tests/engines/search_distribution.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace caretaker::testing {

class SearchServer {
 public:
    explicit SearchServer(const SearchDistribution& distribution);

    [[nodiscard]] std::string url() const;

    /// Sends a request; a body is JSON. Throws std::runtime_error for another status than 2xx.
    rapidjson::Document request(HttpMethod method,
                                const std::string& path,
                                const std::string& body = {});

    /// The status alone, whatever it is.
    int status(HttpMethod method, const std::string& path, const std::string& body = {});

    /// Deletes every index and waits until there is none.
    void clear();

    /// Whether an index of that name exists.
    bool has(const std::string& index);

    /// An index with one shard, no replica and `documents` documents.
    void create(const std::string& index, int documents = 0);

    [[nodiscard]] const SearchDistribution& distribution() const { return distribution_; }

    /// Where a repository of type `fs` may lie.
    [[nodiscard]] std::string repository_folder() const;

 private:
    HttpResponse send(HttpMethod method, const std::string& path, const std::string& body);
    void wait_until_ready();

    SearchDistribution distribution_;
    std::filesystem::path home_;
    TempDir folder_;
    std::uint16_t port_ = 0;
    StopSignal stop_;
    std::unique_ptr<HttpClient> http_;
    std::unique_ptr<ChildProcess> server_;
};

}  // namespace caretaker::testing
