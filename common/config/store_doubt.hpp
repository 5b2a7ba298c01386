// SPDX-License-Identifier: Apache-2.0
// Whether mistakes in the configuration leave open which store is meant. Pure.
#pragma once

#include "common/config/yaml_file.hpp"

#include <functional>
#include <set>
#include <string>

namespace caretaker {

/// What was read of a wrong configuration may name another store than the one that was meant: a
/// mistake can stand where the store's path, journal mode or size limit does, or in its place. A
/// stronger source that gives the same key takes the doubt away, and store.path that of everything
/// that may have held it. A key that resembles none counts only while nothing gives store.path.
class StoreDoubt {
 public:
    /// Takes the next source, from the weakest on.
    void take(const ParsedSettings& source);

    [[nodiscard]] bool any() const;

 private:
    std::set<std::string, std::less<>> doubtful_;  // keys of the store
    bool is_named_ = false;
    bool has_strays_ = false;
};

}  // namespace caretaker
