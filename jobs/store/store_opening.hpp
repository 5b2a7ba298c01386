// SPDX-License-Identifier: Apache-2.0
// The store as the commands about it open it.
#pragma once

#include "common/base/context.hpp"
#include "common/base/report.hpp"
#include "common/store/store_access.hpp"

#include <memory>
#include <string>

namespace caretaker {

/// What Context::store_access says. Throws StoreError where runs go without a store.
const StoreAccess& store_access(const Context& context);

/// For reading, its warnings logged; null when there is none yet. Throws StoreError.
std::unique_ptr<Store> open_to_read(const Context& context);

/// For writing, made when it does not exist. Throws StoreError.
std::unique_ptr<Store> open_to_write(const Context& context);

/// What a command reports that finds none.
Report report_no_store(const Context& context);

}  // namespace caretaker
