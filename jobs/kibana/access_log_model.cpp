// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/access_log_model.hpp"

#include "common/output/json_writer.hpp"
#include "jobs/kibana/json_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds hour{std::chrono::hours(1)};
constexpr milliseconds day{std::chrono::days(1)};
constexpr std::string_view canary_path = "/__caretaker/canary";

/// Of the aggregation that counts lines of one.
std::string canary_name(std::size_t index) {
    return fmt::format("canaries_{}", index);
}

/// Nested objects of JSON, written by who knows what stands inside.
class Query {
 public:
    explicit Query(JsonWriter& json) : json_(json) {}

    void object(std::string_view name, const std::function<void()>& content) {
        json_.key(name);
        json_.begin_object();
        content();
        json_.end_object();
    }

    template <typename Value>
    void clause(std::string_view kind, std::string_view field, const Value& value) {
        json_.begin_object();
        object(kind, [&] { json_.member(field, value); });
        json_.end_object();
    }

    /// Before 2.0 a filter is no query, and there are wildcards in queries alone.
    void globs(std::string_view field, const std::vector<std::string>& patterns, bool is_old) {
        for (const std::string& pattern : patterns) {
            if (!is_old) {
                clause("wildcard", field, pattern);
                continue;
            }
            json_.begin_object();
            object("query", [&] { object("wildcard", [&] { json_.member(field, pattern); }); });
            json_.end_object();
        }
    }

    void histogram(std::string_view field, milliseconds interval, const SearchEngine& engine) {
        const bool is_new =
            engine.family == SearchFamily::opensearch || !(engine.version < EngineVersion{7, 2, 0});
        object("date_histogram", [&] {
            json_.member("field", field);
            json_.member(is_new ? "fixed_interval" : "interval", interval == hour ? "1h" : "24h");
            json_.member("min_doc_count", 1);
        });
    }

    void max_time(std::string_view field) {
        object("last", [&] { object("max", [&] { json_.member("field", field); }); });
    }

 private:
    JsonWriter& json_;
};

std::string_view suffix_of(std::string_view field) {
    constexpr std::array<std::string_view, 2> suffixes{".keyword", ".raw"};
    for (const std::string_view suffix : suffixes) {
        if (field.ends_with(suffix)) {
            return suffix;
        }
    }
    return {};
}

AccessLogFields with_suffix(std::string_view suffix) {
    return {.app = fmt::format("app{}", suffix),
            .agent = fmt::format("ua{}", suffix),
            .path = fmt::format("path{}", suffix),
            .client = fmt::format("client{}", suffix)};
}

/// Whether every index in which the field is has it in a form that can be counted.
bool is_countable(JsonView field) {
    const auto types = field.members();
    return !types.empty() && std::ranges::all_of(types, [](const JsonMember& type) {
        const auto aggregatable = type.value.find("aggregatable");
        return aggregatable && aggregatable->flag();
    });
}

/// Of a mapped field: the suffix of the form of it that can be counted.
std::optional<std::string_view> countable_suffix(JsonView mapped) {
    const auto is_whole = [](JsonView field) {
        const auto type = field.find("type");
        const auto index = field.find("index");
        return type &&
               (type->text() == "keyword" || (type->text() == "string" && index &&
                                              index->is_text() && index->text() == "not_analyzed"));
    };
    if (is_whole(mapped)) {
        return "";
    }
    const auto forms = mapped.find("fields");
    for (const std::string_view name : {"keyword", "raw"}) {
        const auto form = forms ? forms->find(name) : std::nullopt;
        if (form && is_whole(*form)) {
            return name == "raw" ? ".raw" : ".keyword";
        }
    }
    return std::nullopt;
}

/// `value` of a max, which is null where there was nothing.
std::optional<WallTime> max_of(JsonView aggregation) {
    const auto value = aggregation.at("last").find("value");
    return value ? std::optional(read_json_time(*value)) : std::nullopt;
}

void check_worth(JsonView answer) {
    if (answer.at("timed_out").flag()) {
        answer.fail("says that the search took too long, so that it is no whole answer");
    }
    const JsonView shards = answer.at("_shards");
    if (shards.at("total").integer() == 0) {
        shards.fail("says that no index was searched; look at kibana.access_log.index");
    }
    if (shards.at("failed").integer() != 0) {
        shards.fail("says that shards failed, so that it is no whole answer");
    }
}

}  // namespace

std::optional<AccessLogFields> find_log_fields(JsonView capabilities) {
    const JsonView fields = capabilities.at("fields");
    for (const std::string_view suffix : {"", ".keyword", ".raw"}) {
        const auto field = fields.find(fmt::format("app{}", suffix));
        if (field && is_countable(*field)) {
            return with_suffix(suffix);
        }
    }
    return std::nullopt;
}

std::optional<AccessLogFields> find_mapped_log_fields(JsonView mappings) {
    std::optional<std::string_view> suffix;
    for (const JsonMember& index : mappings.members()) {
        for (const JsonMember& type : index.value.at("mappings").members()) {
            const auto properties = type.value.find("properties");
            const auto app = properties ? properties->find("app") : std::nullopt;
            const auto found = app ? countable_suffix(*app) : std::nullopt;
            if (app && (!found || (suffix && *suffix != *found))) {
                return std::nullopt;
            }
            suffix = found ? found : suffix;
        }
    }
    return suffix ? std::optional(with_suffix(*suffix)) : std::nullopt;
}

AccessLogFields log_fields_like(const std::string& app_field) {
    AccessLogFields fields = with_suffix(suffix_of(app_field));
    fields.app = app_field;
    return fields;
}

std::string format_log_question(const AccessLogQuestion& question,
                                const AccessLogRules& rules,
                                const AccessLogFields& fields,
                                const SearchEngine& engine) {
    JsonWriter json;
    Query query(json);
    const bool is_old =
        engine.family == SearchFamily::elasticsearch && engine.version < EngineVersion{2, 0, 0};
    // 1.x knows no format here; whole numbers are milliseconds.
    const auto range = [&](WatchSpan span) {
        query.object("range", [&] {
            query.object(rules.time_field, [&] {
                json.member("gte", span.begin.time_since_epoch().count());
                json.member("lt", span.end.time_since_epoch().count());
                if (!is_old) {
                    json.member("format", "epoch_millis");
                }
            });
        });
    };
    const auto whole = [&] { range(question.window); };
    const auto lines_of = [&](const CanaryAsked& canary) {
        query.object("bool", [&] {
            json.key("must");
            json.begin_array();
            query.clause("term", fields.path, canary_path);
            query.clause("term", fields.agent, canary.agent);
            json.begin_object();
            range(canary.span);
            json.end_object();
            json.end_array();
        });
    };
    const auto uses = [&] {
        query.object("bool", [&] {
            json.key("must_not");
            json.begin_array();
            query.globs(fields.agent, rules.exclude_agents, is_old);
            query.globs(fields.path, rules.exclude_paths, is_old);
            query.globs(fields.client, rules.exclude_clients, is_old);
            query.clause("term", "probe", true);
            if (rules.ignore_system_requests) {
                query.clause("term", "system", true);
            }
            json.end_array();
        });
    };
    json.begin_object();
    query.object("query", [&] {
        if (is_old) {
            query.object("filtered", [&] { query.object("filter", whole); });
        } else {
            query.object("bool", [&] { query.object("filter", whole); });
        }
    });
    query.object("aggs", [&] {
        query.object("alive", [&] { query.histogram(rules.time_field, hour, engine); });
        for (std::size_t i = 0; i < question.canaries.size(); ++i) {
            query.object(canary_name(i),
                         [&] { query.object("filter", [&] { lines_of(question.canaries[i]); }); });
        }
        query.object("use", [&] {
            query.object("filter", uses);
            query.object("aggs", [&] {
                query.object("apps", [&] {
                    query.object("terms", [&] {
                        json.member("field", fields.app);
                        json.member("size", static_cast<std::int64_t>(question.most_apps));
                    });
                    query.object("aggs", [&] {
                        query.max_time(rules.time_field);
                        if (question.by_day) {
                            query.object("days",
                                         [&] { query.histogram(rules.time_field, day, engine); });
                        }
                    });
                });
            });
        });
    });
    json.end_object();
    return std::string(json.text());
}

namespace {

/// By days from the window's first on, which histograms of 24 hours cut at midnight UTC.
std::vector<std::int64_t> read_days(JsonView histogram, WatchSpan window) {
    const auto first = std::chrono::floor<std::chrono::days>(window.begin);
    const auto last = std::chrono::floor<std::chrono::days>(window.end);
    std::vector<std::int64_t> days(static_cast<std::size_t>((last - first).count()) + 1);
    for (const JsonView& bucket : histogram.at("buckets").elements()) {
        const auto at = std::chrono::floor<std::chrono::days>(read_json_time(bucket.at("key")));
        const auto place = (at - first).count();
        if (place >= 0 && place < static_cast<std::int64_t>(days.size())) {
            days[static_cast<std::size_t>(place)] = bucket.at("doc_count").integer();
        }
    }
    return days;
}

}  // namespace

AccessLogAnswer read_log_answer(JsonView answer,
                                const AccessLogQuestion& question,
                                const AccessLogRules& rules) {
    check_worth(answer);
    AccessLogAnswer result;
    const JsonView aggregations = answer.at("aggregations");
    for (const JsonView& bucket : aggregations.at("alive").at("buckets").elements()) {
        if (bucket.at("doc_count").integer() >= rules.min_docs_per_hour) {
            const WallTime begin = read_json_time(bucket.at("key"));
            result.watched.add({std::max(begin, question.window.begin),
                                std::min(begin + hour, question.window.end)});
        }
    }
    for (std::size_t i = 0; i < question.canaries.size(); ++i) {
        if (aggregations.at(canary_name(i)).at("doc_count").integer() > 0) {
            result.canaries.push_back(question.canaries[i].agent);
        }
    }
    const JsonView apps = aggregations.at("use").at("apps");
    const auto others = apps.find("sum_other_doc_count");  // not before 1.4
    if (others && others->integer() != 0) {
        apps.fail("says that there are more apps than were asked for");
    }
    for (const JsonView& bucket : apps.at("buckets").elements()) {
        const std::string app(bucket.at("key").text());
        if (const auto last = max_of(bucket)) {
            result.latest.emplace(app, *last);
        }
        if (question.by_day) {
            result.days.emplace(app, read_days(bucket.at("days"), question.window));
        }
    }
    return result;
}

}  // namespace caretaker
