// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_progress.hpp"

#include "common/base/log.hpp"
#include "common/output/console.hpp"

#include <unistd.h>

#include <string>

namespace caretaker {

RunProgress::RunProgress(World& world, Log& log, const StreamStyle& style, bool wanted)
    : world_(world), log_(log), ask_(world.ask) {
    if (!wanted) {
        return;
    }
    if (style.overwrite) {
        bar_ = std::make_unique<ProgressBar>(
            world.clock, Console(STDERR_FILENO).width(), style.colour, [](std::string_view text) {
                Console(STDERR_FILENO).write(text);
            });
        log.before_line([this] { bar_->clear(); });
        world.ask = [this](std::string_view question, const StopSignal& stop) {
            bar_->clear();
            return ask_(question, stop);
        };
        world.status.forward_to(bar_.get());
    } else if (!world.stderr_is_terminal) {
        lines_ = std::make_unique<ProgressLines>(
            world.clock, [&log](const std::string& line) { log.info(line); });
        world.status.forward_to(lines_.get());
    }
}

RunProgress::~RunProgress() {
    end();
}

void RunProgress::end() {
    world_.status.forward_to(nullptr);
    world_.ask = ask_;
    if (bar_) {
        log_.before_line({});
        bar_->clear();
    }
}

}  // namespace caretaker
