// SPDX-License-Identifier: Apache-2.0
// Leases as documents of a search engine, each changed by compare-and-set alone.
#pragma once

#include "common/clients/lease_plan.hpp"
#include "common/clients/search_engine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

class ServiceHttp;

/// Where a document stands: what a compare-and-set compares. Sequence numbers from Elasticsearch
/// 6.6 on and on every OpenSearch, the version before.
struct DocumentMark {
    std::int64_t version = 0;
    std::int64_t seq_no = 0;
    std::int64_t primary_term = 0;
};

struct StoredLease {
    Lease lease{};
    DocumentMark mark{};
};

/// The index of leases. Asks first which engine it is. All functions throw RemoteError, and
/// JsonError for an answer that is not one of a search engine.
class LeaseIndex {
 public:
    static constexpr std::string_view name{"caretaker-locks"};

    /// `http` outlives this. `engine`: what it is, where that is known.
    explicit LeaseIndex(ServiceHttp& http, std::optional<SearchEngine> engine = {})
        : http_(http), engine_(std::move(engine)) {}

    /// The lease as it is now: GET of a document, which sees each write at once.
    std::optional<StoredLease> fetch(const std::string& id);

    /// Writes a lease that must not exist yet (op_type=create). Where fetch() found no index, that
    /// is made first: one shard, a replica where there is a node for it. Nothing: another run was
    /// faster.
    std::optional<DocumentMark> create(const std::string& id, const Lease& lease);

    /// Writes a lease over the one that stood at `mark`. Nothing: it does no more.
    std::optional<DocumentMark> replace(const std::string& id,
                                        const Lease& lease,
                                        const DocumentMark& mark);

    /// False when it stands there no more; whether it was deleted or changed is for fetch().
    bool remove(const std::string& id, const DocumentMark& mark);

    /// All leases on locks of `target`, by lock, up to 1 000; what was written in the last second
    /// may be missing. Nothing: there is no index yet.
    std::optional<std::vector<Lease>> list(std::string_view target);

    /// What answers; nothing before the first request.
    [[nodiscard]] const std::optional<SearchEngine>& engine() const { return engine_; }

 private:
    void find_engine();
    void create_index();
    /// Nothing for 409, and for the status `also_lost`.
    std::optional<DocumentMark> write(const std::string& url, const Lease& lease, int also_lost);
    [[nodiscard]] DocumentMark read_mark(JsonView document) const;
    [[nodiscard]] std::string url_of(const std::string& id) const;
    [[nodiscard]] std::string condition(const DocumentMark& mark) const;

    ServiceHttp& http_;
    std::optional<SearchEngine> engine_;
    bool is_index_missing_ = false;  // as fetch() has seen
};

}  // namespace caretaker
