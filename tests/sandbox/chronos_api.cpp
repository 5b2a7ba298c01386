// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/chronos_api.hpp"

#include "common/text/ascii.hpp"
#include "tests/sandbox/chronos_job.hpp"
#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/platform_state.hpp"
#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace caretaker::sandbox {

namespace {

class ChronosApi {
 public:
    ChronosApi(ChronosState& state, const HttpRequest& request)
        : state_(state), request_(request), target_(parse_request_target(request.url)) {}

    ServedAnswer answer() {
        if (state_.version.since(3) && state_.has_cycle()) {
            state_.is_dead =
                true;  // it finds out when it loads its jobs, and every time after that
        }
        if (state_.is_dead) {
            return {.conduct = ServerConduct::reset};
        }
        std::vector<std::string> path = target_.segments;
        if (path.size() == 1 && path[0] == "ping") {
            return text_answer(200, "pong");
        }
        if (path.size() == 1 && path[0] == "metrics") {
            return json_answer(R"({"version":"3.0.0","gauges":{},"counters":{},"histograms":{},)"
                               R"("meters":{},"timers":{}})");
        }
        if (!state_.has_leader) {
            return text_answer(500,
                               state_.version.since(3) ? "Error proxying request to leader" : "");
        }
        const std::size_t prefix = state_.version.since(3) ? 2 : 1;
        const bool is_prefixed = path.size() > prefix && path[prefix - 1] == "scheduler" &&
                                 (prefix == 1 || path[0] == "v1");
        if (!is_prefixed) {
            return text_answer(404, "");
        }
        path.erase(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(prefix));
        try {
            return answer_path(path);
        } catch (const ChronosRefusal& refusal) {
            return refuse(refusal);
        }
    }

 private:
    [[nodiscard]] bool is(HttpMethod method) const { return request_.method == method; }

    [[nodiscard]] ServedAnswer refuse(const ChronosRefusal& refusal) const {
        if (refusal.status == 500) {
            return {
                .status = 500, .headers = {{"Content-Type", "text/html"}}, .body = refusal.message};
        }
        if (!state_.version.since(3)) {
            return text_answer(refusal.status, refusal.message);
        }
        return json_answer(format_document([&](Json& json) {
                               json.begin_object()
                                   .text("status", "Bad Request")
                                   .text("message", refusal.message)
                                   .end_object();
                           }),
                           refusal.status);
    }

    ServedAnswer answer_path(const std::vector<std::string>& path) {
        const std::string& what = path[0];
        if (what == "jobs" && is(HttpMethod::get)) {
            return answer_lists(path);
        }
        const bool is_write =
            is(HttpMethod::post) || (is(HttpMethod::put) && !state_.version.since(3));
        if (what == "iso8601" || what == "dependency") {
            return is_write ? store(what == "dependency") : ServedAnswer{.status = 405};
        }
        if (what == "job" && path.size() >= 2) {
            return answer_job(path);
        }
        if (what == "task" && path.size() == 3 && path[1] == "kill" && is(HttpMethod::del)) {
            if (!state_.jobs.contains(path[2])) {
                throw ChronosRefusal{state_.version.since(3) ? 400 : 500, "unknown job"};
            }
            state_.killed.push_back(path[2]);
            state_.jobs[path[2]].state = "idle";
            return {.status = 204};
        }
        if (what == "graph" && path.size() == 2) {
            return path[1] == "csv" ? graph_csv() : graph_dot();
        }
        if (what == "stats") {
            return json_answer("[]");
        }
        if (what == "leader" && state_.version.since(2, 5)) {
            return json_answer(R"({"leader":"127.0.0.1:4400"})");
        }
        return text_answer(404, "");
    }

    ServedAnswer answer_lists(const std::vector<std::string>& path) {
        if (path.size() == 1) {
            return list([](const std::string&, const FakeChronosJob&) { return true; }, 1'000'000);
        }
        if (path[1] == "search") {
            return search();
        }
        if (path[1] == "summary" && state_.version.since(3)) {
            return summary();
        }
        return text_answer(404, "");
    }

    template <typename Wanted>
    ServedAnswer list(Wanted wanted, std::size_t limit, std::size_t offset = 0) {
        return json_answer(format_document([&](Json& json) {
            json.begin_array();
            std::size_t seen = 0;
            for (const auto& [name, job] : state_.jobs) {
                if (state_.is_listed(name) && wanted(name, job) && seen++ >= offset &&
                    seen <= offset + limit) {
                    write_chronos_job(json, job, state_.version);
                }
            }
            json.end_array();
        }));
    }

    ServedAnswer search() {
        const auto number = [&](std::string_view name, std::size_t otherwise) {
            const std::string_view text = target_.parameter(name);
            std::size_t value = otherwise;
            std::from_chars(text.data(), text.data() + text.size(), value);
            return value;
        };
        const std::string name = ascii_lower(target_.parameter("name"));
        const std::string command = ascii_lower(target_.parameter("command"));
        return list(
            [&](const std::string& own, const FakeChronosJob& job) {
                const auto own_command = job.fields.find("command");
                return ascii_lower(own).find(name) != std::string::npos &&
                       (own_command == job.fields.end() ||
                        ascii_lower(own_command->second).find(command) != std::string::npos);
            },
            number("limit", 10),
            number("offset", 0));
    }

    ServedAnswer summary() const {
        return json_answer(format_document([&](Json& json) {
            json.begin_object().begin_array("jobs");
            for (const auto& [name, job] : state_.jobs) {
                if (!state_.is_listed(name)) {
                    continue;
                }
                json.begin_object()
                    .text("name", name)
                    .text("status", job.last_result())
                    .text("state", job.state == "running" ? "1 running" : job.state);
                const auto schedule = job.fields.find("schedule");
                json.raw("schedule", schedule == job.fields.end() ? R"("")" : schedule->second);
                json.begin_array("parents");
                for (const std::string& parent : job.parents) {
                    json.text(parent);
                }
                json.end_array().raw("disabled", job.fields.at("disabled")).end_object();
            }
            json.end_array().end_object();
        }));
    }

    /// Replaces the whole definition of a job that is there, its counters too.
    ServedAnswer store(bool is_dependency) {
        FakeChronosJob job = read_chronos_job(request_.body, state_, is_dependency);
        const std::string name = read_job_name(request_.body);
        const bool is_there = state_.jobs.contains(name);
        const bool has_parents = std::ranges::all_of(
            job.parents, [&](const std::string& parent) { return state_.jobs.contains(parent); });
        // From 3.0 on, a new job with an unknown parent is stored and then never seen again.
        if (!has_parents && (is_there || !state_.version.since(3))) {
            throw ChronosRefusal{400, "Unable to find parent"};
        }
        ChronosState tried = state_;
        tried.jobs[name] = job;
        if (tried.has_cycle() && (is_there || !state_.version.since(3))) {
            throw ChronosRefusal{is_there ? 500 : 400, "the jobs form a cycle"};
        }
        state_.jobs[name] = std::move(job);
        return {.status = 204};
    }

    ServedAnswer answer_job(const std::vector<std::string>& path) {
        const auto known = [&](const std::string& name) -> FakeChronosJob& {
            const auto found = state_.jobs.find(name);
            if (found == state_.jobs.end()) {
                throw ChronosRefusal{400, fmt::format("Job '{}' not found", name)};
            }
            return found->second;
        };
        if (path[1] == "stat" && path.size() == 3 && is(HttpMethod::get)) {
            known(path[2]);
            return json_answer(R"({"histogram":{},"taskStatHistory":[]})");
        }
        if (path[1] == "success" && path.size() == 3 && is(HttpMethod::put) &&
            state_.version.since(2, 5)) {
            FakeChronosJob& job = known(path[2]);
            job.fields["successCount"] =
                std::to_string(std::stoll(job.fields.at("successCount")) + 1);
            job.fields["errorsSinceLastSuccess"] = "0";
            job.fields["lastSuccess"] = fmt::format(R"("{}")", format_millis(state_.now_ms));
            return text_answer(200, "marked job as successful");
        }
        if (path.size() != 2) {
            return text_answer(404, "");
        }
        if (is(HttpMethod::put)) {
            FakeChronosJob& job = known(path[1]);
            if (job.fields.at("disabled") != "true") {  // else it is thrown away
                job.state = "queued";
                state_.started.push_back(path[1]);
            }
            return {.status = 204};
        }
        if (is(HttpMethod::del)) {
            known(path[1]);
            remove(path[1]);
            return {.status = 204};
        }
        if (is(HttpMethod::get) && state_.version.since(3)) {
            return json_answer(format_document(
                [&](Json& json) { write_chronos_job(json, known(path[1]), state_.version); }));
        }
        return {.status = 405};
    }

    /// Children of a scheduled job become scheduled themselves, without much of their definition;
    /// those of a dependent one go to its parents.
    void remove(const std::string& name) {
        const FakeChronosJob gone = state_.jobs.at(name);
        state_.jobs.erase(name);
        for (auto& [child, job] : state_.jobs) {
            if (std::ranges::find(job.parents, name) == job.parents.end()) {
                continue;
            }
            if (!gone.parents.empty()) {
                std::erase(job.parents, name);
                for (const std::string& parent : gone.parents) {
                    if (std::ranges::find(job.parents, parent) == job.parents.end()) {
                        job.parents.push_back(parent);
                    }
                }
                continue;
            }
            job.parents.clear();
            job.fields["schedule"] = gone.fields.at("schedule");
            job.fields["scheduleTimeZone"] = gone.fields.at("scheduleTimeZone");
            job.fields.erase("container");
            const ChronosFields defaults = default_chronos_fields(state_.version);
            for (const char* const lost : {"environmentVariables",
                                           "constraints",
                                           "arguments",
                                           "shell",
                                           "runAsUser",
                                           "description",
                                           "ownerName"}) {
                job.fields[lost] = defaults.at(lost);
            }
        }
    }

    ServedAnswer graph_csv() const {
        std::string text;
        for (const auto& [name, job] : state_.jobs) {
            if (state_.is_listed(name)) {
                text += fmt::format("node,{},{},{}\n", name, job.last_result(), job.state);
            }
        }
        for (const auto& [name, job] : state_.jobs) {
            for (const std::string& parent : job.parents) {
                if (state_.is_listed(name)) {
                    text += fmt::format("link,{},{}\n", parent, name);
                }
            }
        }
        return text_answer(200, text);
    }

    ServedAnswer graph_dot() const {
        std::map<std::string, std::size_t> numbers;
        std::string text = "digraph G {\n";
        for (const auto& [name, job] : state_.jobs) {
            if (state_.is_listed(name)) {
                numbers.emplace(name, numbers.size() + 1);
                text += fmt::format("  {} [ label=\"{}\" ];\n", numbers.at(name), name);
            }
        }
        for (const auto& [name, number] : numbers) {
            for (const std::string& parent : state_.jobs.at(name).parents) {
                if (numbers.contains(parent)) {
                    text += fmt::format("  {} -> {};\n", numbers.at(parent), number);
                }
            }
        }
        return text_answer(200, text + "}\n");
    }

    ChronosState& state_;
    const HttpRequest& request_;
    RequestTarget target_;
};

}  // namespace

ServedAnswer answer_chronos(ChronosState& state, const HttpRequest& request) {
    return ChronosApi(state, request).answer();
}

}  // namespace caretaker::sandbox
