// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/fake_replay.hpp"

#include <fmt/format.h>

namespace caretaker::sandbox {

FakeReplay::FakeReplay(const std::filesystem::path& folder) : replay_(read_replay_folder(folder)) {
    server_.answer_by([this](const HttpRequest& request) {
        return http_.answer(request, [this](const HttpRequest& passed) { return serve(passed); });
    });
}

ServedAnswer FakeReplay::serve(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    const std::string& answer = replay_.find(request);
    if (answer.empty()) {
        return text_answer(
            404, fmt::format("{} {} was not recorded\n", to_string(request.method), request.url));
    }
    return {.body = answer, .conduct = ServerConduct::garbage};
}

}  // namespace caretaker::sandbox
