// SPDX-License-Identifier: Apache-2.0
// A Kibana of any version with its Elasticsearch, and `caretaker kibana provision` against it.
#pragma once

#include "tests/integration/kibana/kibana_town.hpp"
#include "tests/sandbox/kibana_documents.hpp"
#include "tests/sandbox/kibana_state.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/temp_dir.hpp"

#include <rapidjson/document.h>

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

struct StageRun : TownRun {
    std::string log{};

    /// "dashboard/errors: create done" and the like, in order.
    [[nodiscard]] std::vector<std::string> rows() const;

    /// How many rows have that step.
    [[nodiscard]] std::size_t count(std::string_view step) const;

    /// What went wrong, in one text.
    [[nodiscard]] std::string errors() const;
};

class ProvisionStage {
 public:
    /// `version` as "kibana-8.11.0"; of 4 and 5 the index .kibana is there.
    explicit ProvisionStage(const std::string& version);
    ~ProvisionStage();
    ProvisionStage(const ProvisionStage&) = delete;
    ProvisionStage& operator=(const ProvisionStage&) = delete;

    /// `caretaker kibana provision --kibana-url …` with these arguments.
    StageRun run(std::vector<std::string> arguments);

    /// The same with the bundle of this folder.
    StageRun provision(std::vector<std::string> arguments = {});

    /// Puts a file into the bundle.
    void write(const std::string& name, const std::string& text);

    /// Calls `change` with the state, while no request is answered.
    template <typename Change>
    auto with_state(Change change) {
        const std::lock_guard lock(mutex_);
        return change(state_);
    }

    /// Called with the state and each request before it is answered; an answer takes its place.
    using Before = std::function<std::optional<ServedAnswer>(KibanaState&, const HttpRequest&)>;
    void before_each(Before before);

    /// Called with the state after each request.
    void after_each(std::function<void(KibanaState&, const HttpRequest&)> after);

    /// Requests that change something, at Kibana and at Elasticsearch.
    [[nodiscard]] int writes();

    [[nodiscard]] KibanaDocuments& documents() { return documents_; }

    [[nodiscard]] std::string url() const { return server_.url(""); }

    [[nodiscard]] std::string folder() const { return home_.file("bundle"); }

    [[nodiscard]] const TempDir& home() const { return home_; }

 private:
    ServedAnswer answer(const HttpRequest& request);

    TempDir home_{};
    std::mutex mutex_{};
    KibanaState state_{};
    int writes_ = 0;
    Before before_{};
    std::function<void(KibanaState&, const HttpRequest&)> after_{};
    KibanaDocuments documents_;
    FakeServer server_{};  // last: it serves until it is gone
};

}  // namespace caretaker::sandbox
