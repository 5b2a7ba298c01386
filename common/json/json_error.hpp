// SPDX-License-Identifier: Apache-2.0
// What is wrong with JSON that came from outside.
#pragma once

#include "common/base/error.hpp"

#include <string>

namespace caretaker {

enum class JsonFault {
    syntax,  // no JSON, or cut short
    depth,   // nested deeper than max_json_depth
    size,    // a single value larger than max_json_value_bytes
    shape,   // JSON, but not with the members and types that were expected
};

/// Exit code 1; code() is "json_syntax", "json_depth", "json_size" or "json_shape".
class JsonError : public Error {
 public:
    JsonError(JsonFault fault, const std::string& message);

    [[nodiscard]] JsonFault fault() const noexcept { return fault_; }

 private:
    JsonFault fault_;
};

}  // namespace caretaker
