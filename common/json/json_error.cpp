// SPDX-License-Identifier: Apache-2.0
#include "common/json/json_error.hpp"

namespace caretaker {

namespace {

const char* word_of(JsonFault fault) {
    switch (fault) {
        case JsonFault::syntax:
            return "json_syntax";
        case JsonFault::depth:
            return "json_depth";
        case JsonFault::size:
            return "json_size";
        case JsonFault::shape:
            break;
    }
    return "json_shape";
}

}  // namespace

JsonError::JsonError(JsonFault fault, const std::string& message)
    : Error(ExitCode::failed, word_of(fault), message), fault_(fault) {}

}  // namespace caretaker
