// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/kibana/kibana_town.hpp"

#include "common/base/status_line.hpp"
#include "common/base/stop_signal.hpp"
#include "common/cli/program.hpp"
#include "common/cli/world.hpp"
#include "common/http/curl_http.hpp"
#include "common/output/console.hpp"
#include "jobs/registry.hpp"
#include "tests/sandbox/access_log.hpp"
#include "tests/sandbox/marathon_apps.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/json.hpp"
#include "tests/support/recording_sink.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

namespace caretaker::sandbox {

using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_text;
using caretaker::testing::parse_json;

namespace {

constexpr std::chrono::hours one_hour{1};

/// The servers tell the real time, which is not the town's.
class DatelessHttp final : public HttpClient {
 public:
    explicit DatelessHttp(std::unique_ptr<HttpClient> inner) : inner_(std::move(inner)) {}

    HttpResponse send(const HttpRequest& request) override {
        HttpResponse response = inner_->send(request);
        forget_date(response);
        return response;
    }

    void send_all(std::span<const HttpRequest> requests,
                  std::size_t max_parallel,
                  const HttpOnOutcome& on_outcome) override {
        inner_->send_all(requests, max_parallel, [&](std::size_t index, HttpOutcome outcome) {
            if (auto* response = std::get_if<HttpResponse>(&outcome)) {
                forget_date(*response);
            }
            on_outcome(index, std::move(outcome));
        });
    }

 private:
    static void forget_date(HttpResponse& response) {
        std::erase_if(response.headers,
                      [](const HttpHeader& header) { return header.name == "Date"; });
    }

    std::unique_ptr<HttpClient> inner_;
};

/// Runs that have a time limit need one that is installed, and a process can have only one.
StopSignal& stop_of_process() {
    static StopSignal stop;
    static const bool is_installed = (StopSignal::install(stop), true);
    static_cast<void>(is_installed);
    return stop;
}

PlatformState make_town(const TownOptions& options) {
    constexpr std::int64_t late = 2'209'377'600'000;  // 2040-01-05T12:00Z: no real clock is so late
    const auto real = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    PlatformState state = make_platform({.agents = 4,
                                         .apps = 2,
                                         .now_ms = options.has_real_time ? real.count() : late,
                                         .has_addresses_as_names = true,
                                         .network = 20 + static_cast<std::size_t>(::getpid()) % 200,
                                         .has_states = false,
                                         .has_maintenance = false});
    state.marathon.version = options.marathon;
    return state;
}

}  // namespace

/// Waiting lets the town's time pass.
class KibanaTown::PlatformClock final : public Clock {
 public:
    explicit PlatformClock(KibanaTown& town) : town_(town) {}

    [[nodiscard]] WallTime now() const override { return town_.now(); }

    [[nodiscard]] SteadyTime steady() const override {
        return SteadyTime(town_.now().time_since_epoch());
    }

    bool wait(std::chrono::milliseconds duration, const StopSignal& stop) override {
        town_.pass(duration);
        return !stop.requested();
    }

 private:
    KibanaTown& town_;
};

std::vector<std::string> TownRun::actions() const {
    std::vector<std::string> all;
    for (const auto& action : json_array(json, "actions")) {
        all.push_back(fmt::format("{} {} {}",
                                  json_text(action, "kind"),
                                  json_text(action, "subject"),
                                  json_text(action, "state")));
    }
    return all;
}

std::string TownRun::verdict(const std::string& app) const {
    for (const auto& row : json_array(json, "rows")) {
        if (json_text(row, "app") == app) {
            return json_text(row, "verdict");
        }
    }
    return "no such app";
}

std::vector<std::string> TownRun::findings() const {
    std::vector<std::string> codes;
    for (const auto& finding : json_array(json, "findings")) {
        if (json_text(finding, "status") != "resolved") {
            codes.push_back(json_text(finding, "code"));
        }
    }
    return codes;
}

KibanaTown::KibanaTown(const TownOptions& options)
    : platform_(make_town(options)),
      fleet_(platform_, {.count = options.kibanas}),
      search_(*parse_search_version(options.search)),
      marathon_(std::make_unique<FakeMarathon>(platform_,
                                               FakeMarathonOptions{.version = options.marathon})),
      proxy_(std::make_unique<FakeProxy>(platform_, search_)),
      clock_(std::make_unique<PlatformClock>(*this)) {
    search_.with_state([&](SearchState& state) {
        state.now_ms = platform_.state()->now_ms;
        fill_access_log(
            state, {.days = 20, .apps = fleet_.apps(), .keyword_suffix = options.keyword_suffix});
        return 0;
    });
    fleet_.sync();
    if (options.has_real_time) {
        platform_.follow_real_time();
    }
    webhook_.answer_by([this](const HttpRequest& request) { return take_event(request); });
    write_settings(options);
}

KibanaTown::~KibanaTown() = default;

void KibanaTown::write_settings(const TownOptions& options) {
    const std::string further =
        options.second_proxy.empty() ? "" : fmt::format(", '{}'", options.second_proxy);
    const std::string secret =
        options.webhook_secret.empty() ? "" : fmt::format(", secret: '{}'", options.webhook_secret);
    std::ofstream(home_.file("caretaker.yml")) << fmt::format(R"(targets:
  town:
    marathon: {{urls: ['{}']}}
    elasticsearch: {{urls: ['{}']}}
log: {{level: error}}
kibana:
  proxies: ['{}'{}]
  access_log: {{index: 'access-*'}}
  webhook: {{urls: ['{}']{}}}
  max_percent: 100
{})",
                                                              marathon_->url(),
                                                              search_.url(),
                                                              proxy_->url(),
                                                              further,
                                                              webhook_.url("/hook"),
                                                              secret,
                                                              options.settings);
}

ServedAnswer KibanaTown::take_event(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    if (webhook_status_ < 300) {
        const rapidjson::Document event = parse_json(request.body);
        events_.push_back(fmt::format("{} {}", json_text(event, "kind"), json_text(event, "app")));
        const auto deadline = event.FindMember("deadline");
        if (deadline != event.MemberEnd() && deadline->value.IsString()) {
            deadlines_[events_.back()] = deadline->value.GetString();
        }
        const auto signature = std::ranges::find(
            request.headers, std::string("X-Caretaker-Signature"), &HttpHeader::name);
        signatures_.push_back(signature == request.headers.end() ? "" : signature->value);
    }
    return {.status = webhook_status_};
}

testing::Command KibanaTown::command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {CARETAKER_BINARY, "kibana"});
    arguments.insert(arguments.end(), {"-o", "json", "--no-statsd"});
    return {.argv = std::move(arguments),
            .environment = {{"HOME", home_.path().string()},
                            {"CARETAKER_STORE", home_.file("store.db")},
                            {"CARETAKER_CONFIG", home_.file("caretaker.yml")}},
            .inherit_environment = false};
}

TownRun KibanaTown::run(std::vector<std::string> arguments) {
    const std::string out = home_.file("out.json");
    const Fd file(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    StatusLine status;
    Console console(file.get());
    const auto sent = std::make_shared<SentMetrics>();
    World world{
        .clock = *clock_,
        .stop = stop_of_process(),
        .console = console,
        .connect = {.http =
                        [](const HttpOptions& options, const StopSignal& stop_of_run) {
                            return std::make_unique<DatelessHttp>(
                                make_curl_http(options, stop_of_run));
                        }},
        .make_metric_sink = [sent](const StatsdOptions&, Clock&, const StopSignal&)
            -> std::unique_ptr<MetricSink> { return std::make_unique<RecordingSink>(sent); },
        .environment = {{"HOME", home_.path().string()},
                        {"CARETAKER_STORE", home_.file("store.db")},
                        {"CARETAKER_CONFIG", home_.file("caretaker.yml")}},
        .status = status,
        .ask = [](std::string_view, const StopSignal&) { return std::nullopt; }};
    arguments.insert(arguments.begin(), "kibana");
    arguments.insert(arguments.end(), {"-o", "json"});
    TownRun result{static_cast<int>(run_program(registry(), arguments, world))};
    std::stringstream text;
    text << std::ifstream(out).rdbuf();
    result.json = parse_json(text.str());
    return result;
}

void KibanaTown::pass(std::chrono::milliseconds time) {
    while (time.count() > 0) {
        const std::int64_t before = platform_.state()->now_ms;
        const auto step = std::min(time, std::chrono::milliseconds(one_hour));
        platform_.advance(step);
        fleet_.sync();
        time -= step;
        const std::int64_t now = platform_.state()->now_ms;
        search_.with_state([&](SearchState& state) {
            state.now_ms = now;
            return 0;
        });
        constexpr std::int64_t hour_ms = 3'600'000;
        if (before / hour_ms != now / hour_ms) {
            FakeDocument line = make_access_line(now, "", "caretaker/1.0", "/__caretaker/probe");
            line["probe"] = "true";
            add_access_line(search_, std::move(line));
        }
    }
}

int KibanaTown::visit(const std::string& app) {
    StopSignal stop;
    const auto http =
        make_curl_http({.service = "browser", .user_agent = "Mozilla/5.0 Firefox/128.0"}, stop);
    return http->send({.url = fmt::format("{}{}/app/kibana", proxy_->url(), app)}).status;
}

std::int64_t KibanaTown::instances(const std::string& app) {
    const auto state = platform_.state();
    const auto found = state->marathon.apps.find(app);
    return found == state->marathon.apps.end()
               ? -1
               : static_cast<std::int64_t>(instances_of(found->second.fields));
}

std::vector<std::string> KibanaTown::events() {
    const std::lock_guard lock(mutex_);
    return events_;
}

std::vector<std::string> KibanaTown::signatures() {
    const std::lock_guard lock(mutex_);
    return signatures_;
}

std::string KibanaTown::deadline_of(const std::string& event) {
    const std::lock_guard lock(mutex_);
    const auto found = deadlines_.find(event);
    return found == deadlines_.end() ? "" : found->second;
}

void KibanaTown::set_webhook(int status) {
    const std::lock_guard lock(mutex_);
    webhook_status_ = status;
}

WallTime KibanaTown::now() {
    return WallTime(std::chrono::milliseconds(platform_.state()->now_ms));
}

}  // namespace caretaker::sandbox
