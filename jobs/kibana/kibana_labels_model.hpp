// SPDX-License-Identifier: Apache-2.0
// What the owner of a Kibana says by the labels of its app. No IO.
#pragma once

#include "common/base/wall_time.hpp"
#include "jobs/kibana/kibana_policy.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

/// Keys and values of an app's labels, as Marathon has them.
using AppLabels = std::vector<std::pair<std::string, std::string>>;

struct KibanaLabels {
    bool is_managed = false;  // caretaker.kibana
    bool is_protected = false;
    std::optional<WallTime> protected_until{};
    std::optional<std::chrono::milliseconds> idle_after{};
    std::optional<std::chrono::milliseconds> destroy_after{};  // 0: never
    std::optional<std::int64_t> instances{};                   // to wake it with
    /// One sentence for each label of ours whose value nobody can read; such an app is protected.
    std::vector<std::string> unreadable{};
};

/// Reads `caretaker.kibana`, `.protect`, `.protect_until`, `.idle_after`, `.destroy_after` and
/// `.instances`; other labels that begin with `caretaker.` count as unreadable, as one of them may
/// be a protection that was misspelled.
KibanaLabels read_kibana_labels(const AppLabels& labels);

/// The policy for that app: a label may make a time longer, never shorter.
KibanaPolicy lengthened(KibanaPolicy policy, const KibanaLabels& labels);

/// The value of a label; empty where there is none.
std::string find_label(const AppLabels& labels, std::string_view name);

}  // namespace caretaker
