// SPDX-License-Identifier: Apache-2.0
#include "common/base/run_info.hpp"

namespace caretaker {

std::string short_run_id(const std::string& uid) {
    return uid.size() <= 8 ? uid : uid.substr(uid.size() - 8);
}

}  // namespace caretaker
