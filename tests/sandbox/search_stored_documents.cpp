// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_stored_documents.hpp"

#include "tests/sandbox/search_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace caretaker::sandbox {

namespace {

constexpr int created = 201;
constexpr int missing = 404;
constexpr int conflicting = 409;

/// One call about one document.
class DocumentCall {
 public:
    DocumentCall(const SearchCall& call, std::string type, const std::string& id)
        : call_(call), version_(call.state().version), type_(std::move(type)), id_(id) {}

    ServedAnswer answer() {
        switch (call_.method()) {
            case HttpMethod::get:
                return read();
            case HttpMethod::put:
            case HttpMethod::post:
                return write();
            case HttpMethod::del:
                return remove();
            default:
                throw Refused{405, "", "Incorrect HTTP method for a document"};
        }
    }

 private:
    [[nodiscard]] const std::string& index_name() const { return call_.path()[0]; }

    FakeIndex& index() { return call_.state().indices.at((call_.resolve(index_name())).front()); }

    StoredDocument* find() {
        auto& stored = index().stored;
        const auto found = stored.find(id_);
        return found == stored.end() || found->second.is_deleted ? nullptr : &found->second;
    }

    ServedAnswer read() {
        call_.allow({"realtime", "refresh", "preference", "routing", "_source"});
        const StoredDocument* document = find();
        if (document == nullptr) {
            return {.status = missing, .body = fmt::format("{{{},\"found\":false}}", head())};
        }
        return {.body = fmt::format(R"({{{},{},"found":true,"_source":{}}})",
                                    head(),
                                    marks(*document),
                                    document->source)};
    }

    ServedAnswer write() {
        call_.allow({"op_type",
                     "version",
                     "if_seq_no",
                     "if_primary_term",
                     "refresh",
                     "timeout",
                     "routing",
                     "wait_for_active_shards"});
        if (!call_.has_body()) {
            throw Refused{400, "parse_exception", "request body is required"};
        }
        make_index();
        const bool creates = call_.parameter("op_type") == "create" ||
                             (call_.path().size() > 1 && call_.path()[1] == "_create");
        StoredDocument* document = find();
        if (creates && document != nullptr) {
            throw Refused{conflicting,
                          version_.is_at_least(5) ? "version_conflict_engine_exception"
                                                  : "document_already_exists_exception",
                          fmt::format("[{}]: version conflict, document already exists (current "
                                      "version [{}])",
                                      id_,
                                      document->version)};
        }
        check_condition(document);
        const bool is_new = document == nullptr;
        StoredDocument& stored = index().stored[id_];
        stored.source = call_.request().body;
        stored.is_deleted = false;
        count(stored);
        return {.status = is_new ? created : 200,
                .body = result(stored, is_new ? "created" : "updated")};
    }

    ServedAnswer remove() {
        call_.allow({"version", "if_seq_no", "if_primary_term", "refresh", "timeout", "routing"});
        StoredDocument* document = find();
        check_condition(document);
        if (document == nullptr) {
            return {.status = missing,
                    .body = version_.is_at_least(5)
                                ? fmt::format(R"({{{},"_version":1,"result":"not_found"}})", head())
                                : fmt::format(R"({{"found":false,{},"_version":1}})", head())};
        }
        document->is_deleted = true;
        count(*document);
        return {.body = result(*document, "deleted")};
    }

    /// Made by the first document, unless the cluster's settings forbid it.
    void make_index() {
        SearchState& state = call_.state();
        if (state.indices.contains(index_name())) {
            return;
        }
        const auto setting = state.cluster_settings.find("action.auto_create_index");
        if (setting != state.cluster_settings.end() && setting->second == "false") {
            throw Refused{
                missing,
                "index_not_found_exception",
                fmt::format("no such index [{}] and [action.auto_create_index] is [false]",
                            index_name())};
        }
        state.add(index_name());
    }

    std::optional<std::int64_t> number(const std::string& name) {
        const std::string text = call_.parameter(name);
        if (text.empty()) {
            return std::nullopt;
        }
        std::int64_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    }

    void check_condition(const StoredDocument* document) {
        const auto seq_no = number("if_seq_no");
        const auto term = number("if_primary_term");
        const auto version = number("version");
        if ((seq_no || term) && !version_.is_at_least(6, 6)) {
            throw Refused{400,
                          "illegal_argument_exception",
                          "request contains unrecognized parameters: [if_primary_term], "
                          "[if_seq_no]"};
        }
        if (seq_no.has_value() != term.has_value()) {
            throw Refused{400,
                          "action_request_validation_exception",
                          "Validation Failed: 1: ifSeqNo is set, but primary term is [0];"};
        }
        if (version && version_.is_at_least(7)) {
            throw Refused{400,
                          "action_request_validation_exception",
                          "Validation Failed: 1: internal versioning can not be used for "
                          "optimistic concurrency control. Please use `if_seq_no` and "
                          "`if_primary_term` instead;"};
        }
        const bool fits = document == nullptr
                              ? !seq_no && !version
                              : (!seq_no || (*seq_no == document->seq_no && *term == 1)) &&
                                    (!version || *version == document->version);
        if (!fits) {
            throw Refused{conflicting,
                          "version_conflict_engine_exception",
                          fmt::format("[{}]: version conflict, current document is another", id_)};
        }
    }

    void count(StoredDocument& document) {
        ++document.version;
        document.seq_no = index().next_seq_no++;
    }

    [[nodiscard]] std::string head() const {
        const bool has_type =
            !version_.is_at_least(8) && !(version_.is_opensearch && version_.major >= 2);
        return fmt::format(R"("_index":{}{},"_id":{})",
                           json_text(index_name()),
                           has_type ? fmt::format(R"(,"_type":{})", json_text(type_)) : "",
                           json_text(id_));
    }

    [[nodiscard]] std::string marks(const StoredDocument& document) const {
        std::string text = fmt::format(R"("_version":{})", document.version);
        if (version_.is_at_least(6, 6)) {
            text += fmt::format(R"(,"_seq_no":{},"_primary_term":1)", document.seq_no);
        }
        return text;
    }

    [[nodiscard]] std::string result(const StoredDocument& document, std::string_view word) const {
        return version_.is_at_least(5)
                   ? fmt::format(R"({{{},{},"result":"{}","_shards":{{"total":2,"successful":1,)"
                                 R"("failed":0}}}})",
                                 head(),
                                 marks(document),
                                 word)
                   : fmt::format(R"({{{},{},"created":{}}})",
                                 head(),
                                 marks(document),
                                 word == "created" ? "true" : "false");
    }

    const SearchCall& call_;
    const SearchVersion& version_;
    std::string type_;
    std::string id_;
};

}  // namespace

std::optional<ServedAnswer> answer_document(const SearchCall& call) {
    const auto& path = call.path();
    const SearchVersion& version = call.state().version;
    if (path.size() != 3 || path[0].starts_with('_')) {
        return std::nullopt;
    }
    const bool is_typeless = path[1] == "_doc" || path[1] == "_create";
    const bool has_types =
        !version.is_at_least(8) && !(version.is_opensearch && version.major >= 2);
    const bool is_known =
        is_typeless ? version.is_at_least(7) : has_types && !path[1].starts_with('_');
    if (!is_known) {
        return std::nullopt;
    }
    return DocumentCall(call, is_typeless ? "_doc" : path[1], path[2]).answer();
}

}  // namespace caretaker::sandbox
