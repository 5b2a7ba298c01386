// SPDX-License-Identifier: Apache-2.0
// OpenSSL's libcrypto, opened on first use.
#pragma once

namespace caretaker {

/// The address of that function. Throws Error "libcrypto_missing" where there is none.
void* find_crypto_function(const char* name);

/// As openssl/evp.h and openssl/hmac.h of OpenSSL 1.1 and 3 have it. Not included, so that no
/// package is needed to build: what changes there gets another number of the library.
template <typename Function>
Function crypto_function(const char* name) {
    return reinterpret_cast<Function>(find_crypto_function(name));  // as dlsym(3) means it
}

}  // namespace caretaker
