// SPDX-License-Identifier: Apache-2.0
// An Elasticsearch in which Kibana 3, 4 or 5 keeps its objects: documents by type and id. Written
// from documentation, not from our client.
#pragma once

#include "tests/support/fake_server.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace caretaker::sandbox {

struct KibanaDocument {
    std::string source{"{}"};  // JSON
    std::int64_t version = 1;
};

/// Type and id.
using KibanaDocumentKey = std::pair<std::string, std::string>;

struct KibanaDocumentsState {
    std::string number{"2.4.6"};  // of Elasticsearch
    std::map<std::string, std::map<KibanaDocumentKey, KibanaDocument>> indices{};
    std::map<std::string, std::set<std::string>> fields{};  // of logs, by pattern; dates are @…
    int writes = 0;
};

class KibanaDocuments {
 public:
    explicit KibanaDocuments(KibanaDocumentsState state);
    KibanaDocuments(const KibanaDocuments&) = delete;
    KibanaDocuments& operator=(const KibanaDocuments&) = delete;

    [[nodiscard]] std::string url() const { return server_.url(""); }

    /// Calls `change` with the state, while no request is answered.
    template <typename Change>
    auto with_state(Change change) {
        const std::lock_guard lock(mutex_);
        return change(state_);
    }

 private:
    ServedAnswer answer(const HttpRequest& request);
    [[nodiscard]] ServedAnswer answer_root() const;
    [[nodiscard]] ServedAnswer answer_fields(const std::string& pattern,
                                             const std::string& field,
                                             bool is_caps) const;
    [[nodiscard]] ServedAnswer get_many(const std::string& index, const std::string& body) const;
    ServedAnswer write(const std::string& index,
                       const KibanaDocumentKey& key,
                       const HttpRequest& request);
    ServedAnswer update(const std::string& index,
                        const KibanaDocumentKey& key,
                        const HttpRequest& request);

    std::mutex mutex_{};
    KibanaDocumentsState state_;
    FakeServer server_{};  // last: it serves until it is gone
};

}  // namespace caretaker::sandbox
