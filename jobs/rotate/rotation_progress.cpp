// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rotation_progress.hpp"

#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view kind = "progress";

/// "0 1 4"; what is no number ends it.
std::set<std::size_t> parse_steps(std::string_view text) {
    std::set<std::size_t> steps;
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    while (at != end) {
        std::size_t step = 0;
        const auto parsed = std::from_chars(at, end, step);
        if (parsed.ec != std::errc{}) {
            break;
        }
        steps.insert(step);
        at = parsed.ptr;
        at += at != end && *at == ' ' ? 1 : 0;
    }
    return steps;
}

}  // namespace

RotationProgress::RotationProgress(Context& context, std::string files)
    : context_(context), files_(std::move(files)) {}

std::set<std::size_t> RotationProgress::finished_before() {
    if (context_.store == nullptr) {
        return {};
    }
    JobMemory memory = context_.store->memory(context_.run.job, context_.run.target);
    const auto entry = memory.find({.kind = kind, .name = files_});
    if (!entry || entry->body.empty()) {
        return {};
    }
    is_saved_ = true;
    finished_ = parse_steps(entry->body);
    return finished_;
}

void RotationProgress::finish(std::size_t step) {
    finished_.insert(step);
    save();
}

void RotationProgress::forget() {
    finished_.clear();
    if (is_saved_) {
        save();
    }
}

void RotationProgress::save() {
    if (context_.store == nullptr) {
        return;
    }
    const std::string body = fmt::format("{}", fmt::join(finished_, " "));
    JobMemory memory = context_.store->memory(context_.run.job, context_.run.target);
    memory.write([&] { memory.save({.kind = kind, .name = files_}, body, context_.clock.now()); });
    is_saved_ = !body.empty();
}

}  // namespace caretaker
