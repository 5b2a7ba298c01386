// SPDX-License-Identifier: Apache-2.0
// What a command is told that opens the store by itself.
#pragma once

#include "common/store/retention.hpp"
#include "common/store/store.hpp"

namespace caretaker {

struct StoreAccess {
    StoreOptions options{};  // its path is no_store_path where runs go without a store
    Retention retention{};
    std::string path_origin{};  // of a path that no setting gives: what it was taken from
};

}  // namespace caretaker
