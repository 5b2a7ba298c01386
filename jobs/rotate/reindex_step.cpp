// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/reindex_step.hpp"

#include "common/json/json_document.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/rotate/search_reading.hpp"
#include "jobs/rotate/search_request.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

ActionResult failed(std::string error) {
    return {.state = ActionState::failed, .error = std::move(error)};
}

/// What the server says about a remote host that it does not trust ends with the way out.
std::string with_advice(std::string error) {
    const bool is_untrusted = error.find("reindex.remote.whitelist") != std::string::npos ||
                              error.find("reindex.remote.allowlist") != std::string::npos;
    if (is_untrusted) {
        error += "; add the host to that setting in the configuration of every node";
    }
    return error;
}

/// One reindex.
class Reindexing {
 public:
    Reindexing(StepTools& tools, const RotateStep& step, const ReindexItem& item)
        : tools_(tools), step_(step), spec_(*step.spec), item_(item) {}

    ActionResult run() {
        const bool waits = spec_.options.flag("wait_for_completion");
        const bool in_background = !waits || cluster().has(SearchFeature::stored_tasks);
        std::string task = step_.may_resume && in_background ? find_running() : std::string();
        if (task.empty()) {
            HttpRequest request = json_request(
                HttpMethod::post,
                "/_reindex" + reindex_parameters(spec_.options, cluster().engine(), !in_background),
                reindex_body(*spec_.options.find("request_body"), item_, cluster().engine()));
            request.effect = HttpEffect::single_change;
            if (!in_background) {
                request.timeout = std::chrono::hours(6);
                request.may_be_silent = true;
            }
            const HttpResponse response = cluster().http().send(request);
            if (!response.ok()) {
                ActionResult result = failure_of(cluster(), request, response);
                result.error = with_advice(std::move(result.error));
                return result;
            }
            const JsonDocument document = JsonDocument::parse(response.body, request.url);
            if (!in_background) {
                return judge(document.root());
            }
            task = document.root().at("task").text();
        }
        return waits ? await(task) : ActionResult{};
    }

 private:
    [[nodiscard]] SearchCluster& cluster() const { return tools_.cluster; }

    /// The task that copies into the same index; empty where there is none.
    [[nodiscard]] std::string find_running() const {
        const HttpRequest request{.url = "/_tasks?actions=*reindex&detailed=true"};
        const HttpResponse response = cluster().http().require(request);
        const JsonDocument document = JsonDocument::parse(response.body, "GET " + request.url);
        const std::string wanted = fmt::format("to [{}]", item_.dest);
        for (const JsonMember& node : document.root().at("nodes").members()) {
            for (const JsonMember& task : node.value.at("tasks").members()) {
                if (text_in(task.value, "description").find(wanted) != std::string::npos &&
                    !task.value.find("parent_task_id")) {
                    return std::string(task.name);
                }
            }
        }
        return {};
    }

    ActionResult await(const std::string& task) {
        const std::string path = "/_tasks/" + task;
        ActionResult result;
        const bool ended = wait_until(tools_.context, spec_, [&] {
            const HttpResponse response = cluster().http().require({.url = path}, {404});
            if (response.status == 404) {
                result = {.state = ActionState::unknown,
                          .error = fmt::format("its task {} is not known any more: {}",
                                               task,
                                               describe_search_error(response))};
                return true;
            }
            const JsonDocument document = JsonDocument::parse(response.body, "GET " + path);
            if (!document.root().at("completed").flag()) {
                return false;
            }
            if (const auto error = document.root().find("error")) {
                result = failed(with_advice(
                    fmt::format("{}: {}", text_in(*error, "type"), text_in(*error, "reason"))));
            } else {
                result = judge(document.root().at("response"));
            }
            return true;
        });
        return ended ? result
                     : failed(fmt::format("its task {} is still running after max_wait", task));
    }

    /// What came of it.
    [[nodiscard]] ActionResult judge(JsonView response) const {
        if (const auto failures = response.find("failures")) {
            const auto all = failures->elements();
            if (!all.empty()) {
                return failed(describe_failures(all));
            }
        }
        if (response.at("total").integer() == 0) {
            return {};
        }
        const HttpRequest request{.method = HttpMethod::head,
                                  .url = "/" + encode_segment(item_.dest)};
        return cluster().http().send(request).ok()
                   ? ActionResult{}
                   : failed(fmt::format("documents were copied, and {} is not there", item_.dest));
    }

    static std::string describe_failures(const std::vector<JsonView>& failures) {
        std::string text = fmt::format("{} documents failed", failures.size());
        for (const char* key : {"cause", "reason"}) {
            const auto cause = failures.front().find(key);
            if (cause && cause->is_object()) {
                text += fmt::format(
                    ", the first: {}: {}", text_in(*cause, "type"), text_in(*cause, "reason"));
                break;
            }
        }
        return text;
    }

    StepTools& tools_;
    const RotateStep& step_;
    const ActionSpec& spec_;
    const ReindexItem& item_;
};

}  // namespace

void run_reindex_step(StepTools& tools, const RotateStep& step) {
    for (std::size_t i = 0; i < step.actions.size(); ++i) {
        tools.executor.run(step.actions[i],
                           [&] { return Reindexing(tools, step, step.reindexes[i]).run(); });
    }
}

}  // namespace caretaker
