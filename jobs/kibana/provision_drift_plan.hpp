// SPDX-License-Identifier: Apache-2.0
// What is to happen to an object of a bundle, given what Kibana holds. No IO.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

enum class ObjectStep {
    create,
    same,
    update,     // nobody touched it since we wrote it, and the bundle is newer
    drift,      // people changed it: shown, left alone
    overwrite,  // people changed it, and we were asked to put it back
};

/// Forms of one object as normal texts, so that equal objects are equal texts.
struct ObjectForms {
    std::string wanted{};
    std::optional<std::string> present{};       // nothing: Kibana has no such object
    std::optional<std::string> last_written{};  // nothing: we never wrote it
};

ObjectStep decide_object_step(const ObjectForms& forms, bool overwrite_drift);

/// Index patterns first and dashboards last, because references have to exist; types nobody knows
/// come between visualizations and dashboards.
int provision_rank(std::string_view type);

}  // namespace caretaker
