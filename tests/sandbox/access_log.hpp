// SPDX-License-Identifier: Apache-2.0
// The access log that a proxy in front of the Kibanas writes into the search engine.
#pragma once

#include "tests/sandbox/fake_search.hpp"
#include "tests/sandbox/search_state.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

struct AccessLogOptions {
    std::uint64_t seed = 1;
    int days = 30;                        // so far back
    std::vector<std::string> apps{};      // ids in Marathon
    std::string keyword_suffix{};         // as FakeDocuments has it
    std::string index_prefix{"access-"};  // before the day: access-2026.11.22
};

/// How an app of the fleet is used; apps take turns by their place in the list.
enum class AppUse {
    daily,     // people, on weekdays
    weekly,    // a few requests once a week
    early,     // until a third of the time was over, then nothing
    never,     // checks alone
    machines,  // monitoring asks for its status all day
};

AppUse use_of(std::size_t place);

/// One line of the log.
FakeDocument make_access_line(std::int64_t time_ms,
                              std::string_view app,
                              std::string_view user_agent,
                              std::string_view path);

/// Adds a line to the index of its day, which is made where it is missing.
void add_access_line(FakeSearch& search, FakeDocument row);

/// Fills one index a day. Every hour has at least one line, a canary's. The same for each seed,
/// save that it ends now.
void fill_access_log(SearchState& state, const AccessLogOptions& options);

}  // namespace caretaker::sandbox
