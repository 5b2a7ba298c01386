// SPDX-License-Identifier: Apache-2.0
// Owning handles for C libraries: std::unique_ptr<T, Calls<destroy_function>>, the size of a
// pointer.
#pragma once

namespace caretaker {

template <auto Function>
struct Calls {
    template <typename T>
    void operator()(T* handle) const noexcept {
        Function(handle);
    }
};

}  // namespace caretaker
