// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/rotate/troubled_search.hpp"

#include "common/store/store.hpp"

#include <chrono>
#include <utility>

namespace caretaker::testing {

RotationPlace TroubledSearch::place() const {
    return {.binary = CARETAKER_BINARY,
            .url = url(),
            .home = home_,
            .limit = std::chrono::seconds(60),
            .environment = {variables_.begin(), variables_.end()}};
}

Rotation TroubledSearch::rotate(const std::string& actions, std::vector<std::string> options) {
    return run_rotation(place(), actions, std::move(options));
}

ChildProcess TroubledSearch::start(const std::string& actions, std::vector<std::string> options) {
    return ChildProcess(rotation_command(place(), actions, std::move(options)));
}

void TroubledSearch::set_variable(const std::string& name, const std::string& value) {
    variables_[name] = value;
}

std::size_t TroubledSearch::open_actions() const {
    const auto store = Store::open({.path = home_.file("store.db"), .read_only = true});
    return store->unsettled_actions("rotate", "default").size();
}

std::string TroubledSearch::address() const {
    const std::string whole = url();
    return whole.substr(whole.find("://") + 3);
}

}  // namespace caretaker::testing
