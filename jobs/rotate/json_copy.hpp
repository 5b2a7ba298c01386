// SPDX-License-Identifier: Apache-2.0
// A value of an answer, put into a request as it is.
#pragma once

#include "common/json/json_view.hpp"
#include "common/output/json_writer.hpp"

namespace caretaker {

void copy_json(JsonView value, JsonWriter& json);

}  // namespace caretaker
