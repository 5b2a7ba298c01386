// SPDX-License-Identifier: Apache-2.0
#include "common/base/crypto_library.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <dlfcn.h>

namespace caretaker {

namespace {

struct Library {
    void* handle = nullptr;
};

Library open_crypto() {
    for (const char* name : {"libcrypto.so.3", "libcrypto.so.1.1"}) {
        if (void* const handle = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
            return {handle};
        }
    }
    throw Error(ExitCode::failed,
                "libcrypto_missing",
                "hashing: there is no libcrypto.so.3; install libssl3, or libssl3t64 on Debian 13");
}

}  // namespace

void* find_crypto_function(const char* name) {
    static const Library library = open_crypto();
    if (void* const function = ::dlsym(library.handle, name)) {
        return function;
    }
    throw Error(ExitCode::failed,
                "libcrypto_missing",
                fmt::format("hashing: libcrypto has no {}; install libssl3 anew", name));
}

}  // namespace caretaker
