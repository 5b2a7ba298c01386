// SPDX-License-Identifier: Apache-2.0
#include "common/base/progress.hpp"

namespace caretaker {

NoProgress& NoProgress::instance() {
    static NoProgress none;
    return none;
}

}  // namespace caretaker
