// SPDX-License-Identifier: Apache-2.0
#include "jobs/store/store_opening.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

std::unique_ptr<Store> open(const Context& context, bool read_only) {
    StoreOptions options = store_access(context).options;
    options.read_only = read_only;
    auto store = Store::open(options);
    if (store) {
        for (const std::string& warning : store->warnings()) {
            context.log.warning(warning);
        }
    }
    return store;
}

}  // namespace

const StoreAccess& store_access(const Context& context) {
    const StoreAccess& access = *context.store_access;
    if (access.options.path == no_store_path) {
        throw StoreError(
            "this command is about the store, and there is none; name a file by --store",
            "store_none");
    }
    return access;
}

std::unique_ptr<Store> open_to_read(const Context& context) {
    return open(context, true);
}

std::unique_ptr<Store> open_to_write(const Context& context) {
    return open(context, false);
}

Report report_no_store(const Context& context) {
    return {.summary = fmt::format("there is no store yet: {}; the first run makes it",
                                   store_access(context).options.path)};
}

}  // namespace caretaker
