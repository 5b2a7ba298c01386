// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rotation_rows.hpp"

#include "common/base/table_columns.hpp"
#include "common/text/bytes.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace caretaker {

namespace {

/// For people; programs read the bytes beside it.
Cell size_cell(std::optional<std::int64_t> bytes) {
    return bytes ? Cell(format_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(*bytes, 0))))
                 : Cell();
}

/// The rows of one step.
class RowMaker {
 public:
    RowMaker(const RotationRows& facts, const RowVisitor& visit) : facts_(facts), visit_(visit) {}

    void make() {
        for (std::size_t i = 0; i < facts_.steps.size(); ++i) {
            make_step(i);
        }
    }

 private:
    void make_step(std::size_t number) {
        const RotationRows::Step& step = facts_.steps[number];
        for (const std::size_t index : step.actions) {
            const Action action = facts_.actions[index];
            visit_(std::vector<Cell>{step.id,
                                     action.kind,
                                     action.subject,
                                     std::string(to_string(action.state)),
                                     size_cell(action.bytes),
                                     action.reason,
                                     step.file,
                                     non_empty(action.identity),
                                     non_empty(action.error),
                                     known(action.bytes)});
        }
        for (const SparedIndex& spared : facts_.spared) {
            if (spared.step == number) {
                make_row(step,
                         spared.name,
                         spared.failed ? state_word(StepState::impossible) : "spared",
                         spared.reason);
            }
        }
        if (!step.state.empty()) {
            make_row(step, {}, step.state, step.note);
        }
    }

    void make_row(const RotationRows::Step& step,
                  std::string_view subject,
                  std::string_view state,
                  const std::string& reason) {
        visit_(std::vector<Cell>{step.id,
                                 step.type,
                                 non_empty(subject),
                                 std::string(state),
                                 Cell(),
                                 reason,
                                 step.file,
                                 Cell(),
                                 Cell(),
                                 Cell()});
    }

    const RotationRows& facts_;
    const RowVisitor& visit_;
};

}  // namespace

std::string_view state_word(StepState state) {
    switch (state) {
        case StepState::planned:
            return "planned";
        case StepState::nothing:
            return "nothing";
        case StepState::disabled:
            return "disabled";
        case StepState::empty:
        case StepState::stopped:
            return "empty";
        case StepState::impossible:
            return "failed";
        case StepState::done_before:
            return "done before";
        case StepState::not_run:
            break;
    }
    return "not run";
}

Table make_rotation_table() {
    return {.columns = {text_column("action", "ACTION"),
                        text_column("type", "TYPE"),
                        text_column("subject", "SUBJECT"),
                        text_column("state", "STATE"),
                        number_column("size", "SIZE"),
                        text_column("reason", "REASON"),
                        machine_column("file"),
                        machine_column("uuid"),
                        machine_column("error"),
                        machine_column("bytes")}};
}

void visit_rows(const RotationRows& rows, const RowVisitor& visit) {
    RowMaker(rows, visit).make();
}

}  // namespace caretaker
