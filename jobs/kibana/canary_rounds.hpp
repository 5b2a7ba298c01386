// SPDX-License-Identifier: Apache-2.0
// Requests that runs sent through all proxies to see whether their lines arrive in the access log:
// where one did not, the log is not whole. No IO.
#pragma once

#include "common/json/json_view.hpp"
#include "common/output/json_writer.hpp"
#include "jobs/kibana/watch_spans.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

struct CanaryRound {
    WallTime sent{};
    std::int64_t proxies = 0;
    /// User agents of those whose lines did not come yet: each names its run and its proxy.
    std::vector<std::string> awaited{};

    [[nodiscard]] bool has_arrived() const { return awaited.empty(); }

    friend bool operator==(const CanaryRound&, const CanaryRound&) = default;
};

class CanaryRounds {
 public:
    /// Of too many the oldest are dropped.
    void add(const CanaryRound& round);

    /// Those sent in the window that were not seen in the log, oldest first.
    [[nodiscard]] std::vector<CanaryRound> missing(WatchSpan window) const;

    /// Lines of these user agents came.
    void take(const std::vector<std::string>& agents);

    /// When lines of some proxy may be missing, by rounds that had to arrive before `end`: from the
    /// last one that did, before those that did not, to the first one after them.
    [[nodiscard]] std::vector<WatchSpan> holes(WallTime end) const;

    void forget_before(WallTime time);

    void write(JsonWriter& json) const;

    /// Throws JsonError for what write() did not write.
    static CanaryRounds read(JsonView list);

    friend bool operator==(const CanaryRounds&, const CanaryRounds&) = default;

 private:
    void thin_out();

    std::vector<CanaryRound> rounds_{};  // by time; of those that arrived only ends of rows
};

}  // namespace caretaker
