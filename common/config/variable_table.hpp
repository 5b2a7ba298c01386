// SPDX-License-Identifier: Apache-2.0
// The environment variables that are no key's own: what documents and the environment's reader know
// of them. Each key has one besides (environment_name).
#pragma once

#include <span>
#include <string_view>

namespace caretaker {

struct VariableInfo {
    std::string_view name{};
    std::string_view help{};       // one sentence; empty: of interest to developers only
    std::string_view short_for{};  // the key that it is a short form of, e.g. "store.path"
};

/// Those that begin with CARETAKER_.
std::span<const VariableInfo> own_variables();

/// Those of other programs and conventions that caretaker minds.
std::span<const VariableInfo> common_variables();

}  // namespace caretaker
