// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rollover_reader.hpp"

#include "common/http/http_status.hpp"
#include "common/json/json_document.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/rotate/search_reading.hpp"
#include "jobs/rotate/search_request.hpp"

#include <fmt/format.h>

namespace caretaker {

RolloverForecast forecast_rollover(SearchCluster& cluster,
                                   const std::string& alias,
                                   const std::string& new_index,
                                   const std::string& body,
                                   std::string& problem) {
    if (!has_feature(cluster.engine(), SearchFeature::rollover)) {
        problem = fmt::format("{} cannot roll over", describe_engine(cluster.engine()));
        return {};
    }
    HttpRequest request = json_request(HttpMethod::post,
                                       fmt::format("/{}/_rollover{}{}?dry_run=true",
                                                   encode_segment(alias),
                                                   new_index.empty() ? "" : "/",
                                                   encode_segment(new_index)),
                                       body);
    request.effect = HttpEffect::read;
    const HttpResponse response = cluster.http().send(request);
    if (!response.ok()) {
        if (!is_item_error(response)) {
            throw describe_status(cluster.http().name(), request, response);
        }
        problem = fmt::format("rolling {} over: {}", alias, describe_search_error(response));
        return {};
    }
    const JsonDocument document = JsonDocument::parse(
        response.body, fmt::format("{}: POST /{}/_rollover", cluster.http().name(), alias));
    RolloverForecast forecast{.old_index = std::string(text_in(document.root(), "old_index")),
                              .new_index = std::string(text_in(document.root(), "new_index"))};
    bool has_conditions = false;
    if (const auto conditions = document.root().find("conditions")) {
        for (const JsonMember& condition : conditions->members()) {
            has_conditions = true;
            if (condition.value.is_flag() && condition.value.flag()) {
                forecast.conditions += forecast.conditions.empty() ? "" : " ";
                forecast.conditions += condition.name;
            }
        }
    }
    forecast.is_due = !has_conditions || !forecast.conditions.empty();
    return forecast;
}

}  // namespace caretaker
