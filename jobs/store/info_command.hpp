// SPDX-License-Identifier: Apache-2.0
// `store info`: where the store lies, how large it is, what it holds and when it was looked after.
#pragma once

#include "common/base/report.hpp"
#include "common/store/store_facts.hpp"
#include "common/store/store_health.hpp"

#include <cstdint>

namespace caretaker {

struct Context;

struct StoreInfo {
    StoreHealth health{};  // its quick_check is not looked at
    StoreFacts facts{};
    std::uint64_t wal_bytes = 0;  // beside the file
    std::uint64_t max_bytes = 0;  // that the file may have
};

/// A row with everything, and what of it a person reads. Pure.
Report format_store_info(const StoreInfo& info);

/// Throws StoreError.
Report show_store_info(const Context& context);

}  // namespace caretaker
