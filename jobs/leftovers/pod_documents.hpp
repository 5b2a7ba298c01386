// SPDX-License-Identifier: Apache-2.0
// The pods of a Marathon, out of its documents.
#pragma once

#include "common/json/json_error.hpp"
#include "common/json/json_view.hpp"
#include "jobs/leftovers/workload.hpp"

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace caretaker {

class PodDocuments {
 public:
    /// Takes what cannot be read; `kind` is "pod", "instance".
    using OnUnread =
        std::function<void(JsonView part, std::string_view kind, const JsonError& error)>;

    /// An element of /v2/pods/::status, or of /v2/pods, which tells no instances. False for what is
    /// no pod. One that cannot be read hides no other, and neither does an instance.
    bool take(JsonView element, const OnUnread& on_unread);

    /// How much was taken, to be taken back by rewind().
    struct Mark {
        std::size_t pods = 0;
        std::size_t instances = 0;
    };

    [[nodiscard]] Mark mark() const { return {pods_.size(), instances_.size()}; }

    void rewind(const Mark& mark) {
        pods_.resize(mark.pods);
        instances_.resize(mark.instances);
    }

    /// Puts pods beside the apps, once. What a list of tasks says of containers of pods counts for
    /// nothing then: the instances are known.
    void move_to(Workload& workload);

 private:
    std::vector<MarathonApp> pods_{};
    std::vector<MarathonTask> instances_{};
};

}  // namespace caretaker
