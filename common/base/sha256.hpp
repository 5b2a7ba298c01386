// SPDX-License-Identifier: Apache-2.0
// SHA-256 of what comes piece by piece.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace caretaker {

/// By OpenSSL's libcrypto (FIPS 180-4). All functions throw Error "libcrypto_missing" or
/// "libcrypto_failed" where that cannot do it. A call costs as much as some ten bytes: small pieces
/// are better put together before.
class Sha256 {
 public:
    Sha256();

    void add(std::string_view bytes);

    /// 64 lower-case hex digits. To be called once, at the end.
    std::string finish();

 private:
    struct Library;

    const Library& library_;
    std::unique_ptr<void, void (*)(void*)> state_;
};

}  // namespace caretaker
