// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/kibana/provision_stage.hpp"

#include "tests/sandbox/kibana_api.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

namespace caretaker::sandbox {

using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_text;
using caretaker::testing::parse_json;

namespace {

std::string text_or_dash(const rapidjson::Value& object, const char* name) {
    const rapidjson::Value& value = json_at(object, name);
    return value.IsString() ? value.GetString() : "-";
}

}  // namespace

std::vector<std::string> StageRun::rows() const {
    std::vector<std::string> all;
    for (const auto& row : json_array(json, "rows")) {
        all.push_back(fmt::format("{}/{}: {} {}",
                                  json_text(row, "type"),
                                  json_text(row, "id"),
                                  text_or_dash(row, "step"),
                                  text_or_dash(row, "state")));
    }
    return all;
}

std::size_t StageRun::count(std::string_view step) const {
    const auto& list = json_array(json, "rows");
    return static_cast<std::size_t>(
        std::count_if(list.begin(), list.end(), [&](const rapidjson::Value& row) {
            return text_or_dash(row, "step") == step;
        }));
}

std::string StageRun::errors() const {
    std::string text;
    for (const auto& error : json_array(json, "errors")) {
        text += json_text(error, "message") + "\n";
    }
    return text;
}

ProvisionStage::ProvisionStage(const std::string& version)
    : state_{.version = parse_kibana_version(version).value()},
      documents_(state_.version.major == 5   ? KibanaDocumentsState{.number = "5.6.16"}
                 : state_.version.major >= 6 ? KibanaDocumentsState{.number = "7.17.28"}
                                             : KibanaDocumentsState{}) {
    documents_.with_state([&](KibanaDocumentsState& state) {
        if (!state_.version.is_opensearch &&
            (state_.version.major == 4 || state_.version.major == 5)) {
            state.indices[".kibana"] = {};
        }
        return 0;
    });
    std::filesystem::create_directories(folder() + "/legacy");
    server_.answer_by([this](const HttpRequest& request) { return answer(request); });
}

ProvisionStage::~ProvisionStage() = default;

ServedAnswer ProvisionStage::answer(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    if (before_) {
        if (auto answer = before_(state_, request)) {
            return *answer;
        }
    }
    const bool is_read =
        request.method == HttpMethod::get || request.url.find("/_bulk_get") != std::string::npos;
    writes_ += is_read ? 0 : 1;
    ServedAnswer answer = answer_kibana(state_, request);
    if (after_) {
        after_(state_, request);
    }
    return answer;
}

void ProvisionStage::before_each(Before before) {
    const std::lock_guard lock(mutex_);
    before_ = std::move(before);
}

void ProvisionStage::after_each(std::function<void(KibanaState&, const HttpRequest&)> after) {
    const std::lock_guard lock(mutex_);
    after_ = std::move(after);
}

int ProvisionStage::writes() {
    const int of_documents =
        documents_.with_state([](const KibanaDocumentsState& state) { return state.writes; });
    const std::lock_guard lock(mutex_);
    return writes_ + of_documents;
}

void ProvisionStage::write(const std::string& name, const std::string& text) {
    std::ofstream(folder() + "/" + name) << text;
}

StageRun ProvisionStage::run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {CARETAKER_BINARY,
                      "kibana",
                      "provision",
                      "--kibana-url",
                      url(),
                      "--elasticsearch-url",
                      documents_.url(),
                      "-o",
                      "json",
                      "--no-statsd"});
    const auto result =
        testing::run_command({.argv = std::move(arguments),
                              .environment = {{"HOME", home_.path().string()},
                                              {"CARETAKER_STORE", home_.file("store.db")}},
                              .inherit_environment = false});
    StageRun run;
    run.code = result.status.code;
    run.log = result.err;
    run.json = parse_json(result.out);
    return run;
}

StageRun ProvisionStage::provision(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--bundle", folder(), "--yes"});
    return run(std::move(arguments));
}

}  // namespace caretaker::sandbox
