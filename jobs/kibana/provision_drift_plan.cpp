// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_drift_plan.hpp"

namespace caretaker {

ObjectStep decide_object_step(const ObjectForms& forms, bool overwrite_drift) {
    if (!forms.present) {
        return ObjectStep::create;
    }
    if (*forms.present == forms.wanted) {
        return ObjectStep::same;
    }
    if (forms.last_written && *forms.present == *forms.last_written) {
        return ObjectStep::update;
    }
    return overwrite_drift ? ObjectStep::overwrite : ObjectStep::drift;
}

int provision_rank(std::string_view type) {
    constexpr int unknown_rank = 3;
    constexpr int dashboard_rank = 4;
    if (type == "index-pattern") {
        return 0;
    }
    if (type == "search") {
        return 1;
    }
    if (type == "visualization") {
        return 2;
    }
    return type == "dashboard" ? dashboard_rank : unknown_rank;
}

}  // namespace caretaker
