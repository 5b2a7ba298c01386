// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/access_log.hpp"

#include "common/text/timestamp.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <utility>

namespace caretaker::sandbox {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;
constexpr std::string_view browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0";

/// "2026.11.22"
std::string format_log_day(std::int64_t ms) {
    using namespace std::chrono;
    std::string day = format_rfc3339(sys_time<milliseconds>(milliseconds(ms))).substr(0, 10);
    std::ranges::replace(day, '-', '.');
    return day;
}

/// 1970-01-01 was a Thursday.
bool is_weekend(std::int64_t ms) {
    const std::int64_t day = (ms / day_ms + 4) % 7;  // 0: Sunday
    return day == 0 || day == 6;
}

class LogMaker {
 public:
    LogMaker(SearchState& state, const AccessLogOptions& options)
        : state_(state), options_(options), random_(options.seed) {}

    void make() {
        const std::int64_t begin = state_.now_ms - options_.days * day_ms;
        for (std::int64_t time = begin; time < state_.now_ms; time += hour_ms) {
            FakeDocument canary =
                make_access_line(time + 1'000, "", "caretaker/1.0", "/__caretaker/canary");
            canary["probe"] = "true";
            add(std::move(canary));
        }
        for (std::size_t i = 0; i < options_.apps.size(); ++i) {
            add_app(options_.apps[i], use_of(i), begin);
        }
        for (auto& [day, documents] : days_) {
            std::ranges::sort(
                documents->rows, {}, [](const FakeDocument& row) { return row.at("@timestamp"); });
            FakeIndex& index = state_.add(options_.index_prefix + day);
            index.docs = static_cast<std::int64_t>(documents->rows.size());
            index.bytes = index.docs * 400;
            index.documents = documents;
        }
    }

 private:
    std::int64_t below(std::int64_t limit) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
    }

    void add(FakeDocument row) {
        const std::int64_t time = std::stoll(row.at("@timestamp"));
        if (time >= state_.now_ms) {
            return;
        }
        auto& day = days_[format_log_day(time)];
        if (!day) {
            day = std::make_shared<FakeDocuments>();
            day->keyword_suffix = options_.keyword_suffix;
        }
        day->rows.push_back(std::move(row));
    }

    void add_visit(const std::string& app, std::int64_t time, std::int64_t requests) {
        for (std::int64_t i = 0; i < requests; ++i) {
            add(make_access_line(time + i * 7'000, app, browser, "/app/kibana"));
        }
    }

    void add_app(const std::string& app, AppUse use, std::int64_t begin) {
        for (std::int64_t day = begin; day < state_.now_ms; day += day_ms) {
            const std::int64_t morning = day - day % day_ms + 8 * hour_ms + below(4 * hour_ms);
            const std::int64_t number = (day - begin) / day_ms;
            if (use == AppUse::daily && !is_weekend(day)) {
                add_visit(app, morning, 3 + below(6));
            } else if (use == AppUse::weekly && number % 7 == 2) {
                add_visit(app, morning, 2);
            } else if (use == AppUse::early && number * 3 < options_.days) {
                add_visit(app, morning, 2 + below(4));
            } else if (use == AppUse::machines) {
                for (std::int64_t hour = 0; hour < 24; hour += 4) {
                    add(make_access_line(
                        day + hour * hour_ms, app, "Prometheus/2.53", "/api/status"));
                }
            }
        }
    }

    SearchState& state_;
    const AccessLogOptions& options_;
    std::mt19937_64 random_;
    std::map<std::string, std::shared_ptr<FakeDocuments>> days_{};
};

}  // namespace

AppUse use_of(std::size_t place) {
    constexpr std::size_t kinds = 5;
    return static_cast<AppUse>(place % kinds);
}

FakeDocument make_access_line(std::int64_t time_ms,
                              std::string_view app,
                              std::string_view user_agent,
                              std::string_view path) {
    FakeDocument row{{"@timestamp", std::to_string(time_ms)},
                     {"status", "200"},
                     {"method", "GET"},
                     {"path", std::string(path)},
                     {"ua", std::string(user_agent)},
                     {"client", "10.0.0.7"},
                     {"system", "false"},
                     {"probe", "false"}};
    if (!app.empty()) {
        row["app"] = app;
    }
    return row;
}

void add_access_line(FakeSearch& search, FakeDocument row) {
    search.with_state([&](SearchState& state) {
        const std::string name =
            AccessLogOptions().index_prefix + format_log_day(std::stoll(row.at("@timestamp")));
        const bool is_new = !state.indices.contains(name);
        FakeIndex& index = is_new ? state.add(name) : state.indices[name];
        // Searches hold what they read; the new line goes into a copy.
        auto documents = index.documents ? std::make_shared<FakeDocuments>(*index.documents)
                                         : std::make_shared<FakeDocuments>();
        documents->rows.push_back(std::move(row));
        index.docs = static_cast<std::int64_t>(documents->rows.size());
        index.documents = std::move(documents);
        return 0;
    });
}

void fill_access_log(SearchState& state, const AccessLogOptions& options) {
    LogMaker(state, options).make();
}

}  // namespace caretaker::sandbox
