// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_judge_form.hpp"

#include "common/base/input_lines.hpp"
#include "common/base/log.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_path.hpp"
#include "common/output/json_writer.hpp"
#include "jobs/lag/lag_judge_line.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// Beyond so many a person does not read on.
constexpr std::int64_t most_errors = 20;
constexpr std::size_t most_warnings = 20;

bool is_blank(std::string_view line) {
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

class Judge {
 public:
    Judge(Log& log, const std::function<bool(std::string_view)>& write)
        : log_(log), write_(write) {}

    /// False once nobody takes the answers any more.
    bool judge(std::string_view text, std::int64_t number) {
        const std::string what = fmt::format("standard input, line {}", number);
        // Caught here because the answer to a wrong line is a word about it, and the next line.
        std::optional<JudgeLine> line;
        try {
            line = parse_judge_line(text, what);
        } catch (const JsonError& error) {
            if (++wrong_ <= most_errors) {
                log_.error(error.what(), {{"error", error.code()}});
            }
            return true;
        }
        ++judged_;
        warn_of_unknown_keys(*line, what);
        warn_of_falling_time(*line, what);
        JsonWriter answer;
        write_judgement(answer, *line, judge_partition(line->given(), line->parameters));
        if (write_) {
            return write_(answer.text());
        }
        answers_ += answer.text();
        return true;
    }

    Report finish() {
        if (wrong_ > most_errors) {
            log_.error(
                fmt::format("standard input: {} more lines are wrong", wrong_ - most_errors));
        }
        Report report{.document = std::move(answers_),
                      .items_seen = judged_ + wrong_,
                      .items_failed = wrong_};
        if (wrong_ > 0) {
            report.outcome = judged_ > 0 ? Outcome::partial : Outcome::failed;
        }
        return report;
    }

 private:
    void warn_of_unknown_keys(const JudgeLine& line, const std::string& what) {
        for (const std::string& key : line.unknown_keys) {
            if (warned_of_.size() < most_warnings && warned_of_.insert(key).second) {
                std::string name;
                append_json_name(name, key);
                log_.warning(fmt::format(
                    "{}: ${} says nothing to this command; it is passed over", what, name));
            }
        }
    }

    void warn_of_falling_time(const JudgeLine& line, const std::string& what) {
        if (line.falling_time && falling_times_++ < most_warnings) {
            log_.warning(fmt::format(
                "{}: $.points[{}] is older than the point before it; points go from the oldest to "
                "the newest, so the verdict may be wrong",
                what,
                *line.falling_time));
        }
    }

    Log& log_;
    const std::function<bool(std::string_view)>& write_;
    std::string answers_;
    std::size_t falling_times_ = 0;
    std::set<std::string> warned_of_;
    std::int64_t judged_ = 0;
    std::int64_t wrong_ = 0;
};

}  // namespace

Report judge_lines(InputSource input,
                   Log& log,
                   const std::function<bool(std::string_view answer)>& write) {
    InputLines lines(std::move(input));
    Judge judge(log, write);
    bool is_wanted = true;
    while (is_wanted) {
        const auto line = lines.next();
        if (!line) {
            break;
        }
        is_wanted = is_blank(*line) || judge.judge(*line, lines.number());
    }
    return judge.finish();
}

}  // namespace caretaker
