// SPDX-License-Identifier: Apache-2.0
#include "common/http/one_try_http.hpp"

#include "common/base/context.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

namespace {

HttpOptions with_user_agent(HttpOptions options, const RunInfo& run) {
    options.user_agent = fmt::format("caretaker/{} ({}; {})", run.version, run.job, run.uid);
    return options;
}

}  // namespace

OneTryHttp::OneTryHttp(HttpOptions options, Context& context)
    : options_(with_user_agent(std::move(options), context.run)),
      wire_(context.connect.http(options_, context.stop)),
      observed_(*wire_,
                options_,
                context.http_tally != nullptr ? *context.http_tally : uncounted_,
                context.clock,
                context.log) {}

}  // namespace caretaker
