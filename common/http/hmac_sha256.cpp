// SPDX-License-Identifier: Apache-2.0
#include "common/http/hmac_sha256.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <dlfcn.h>

#include <array>
#include <cstddef>

namespace caretaker {

namespace {

// As openssl/evp.h and openssl/hmac.h of OpenSSL 1.1 and 3 have them. Not included, so that no
// package is needed to build: what changes there gets another number of the library.
using ShaFunction = const void* (*)();
using HmacFunction = unsigned char* (*)(const void* digest,
                                        const void* key,
                                        int key_length,
                                        const unsigned char* text,
                                        std::size_t text_length,
                                        unsigned char* result,
                                        unsigned int* result_length);

struct CryptoLibrary {
    ShaFunction sha256 = nullptr;
    HmacFunction hmac = nullptr;
};

CryptoLibrary open_crypto() {
    for (const char* name : {"libcrypto.so.3", "libcrypto.so.1.1"}) {
        if (void* const library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
            // As dlsym(3) means it.
            const CryptoLibrary functions{
                .sha256 = reinterpret_cast<ShaFunction>(::dlsym(library, "EVP_sha256")),
                .hmac = reinterpret_cast<HmacFunction>(::dlsym(library, "HMAC"))};
            if (functions.sha256 != nullptr && functions.hmac != nullptr) {
                return functions;
            }
        }
    }
    throw Error(ExitCode::failed,
                "libcrypto_missing",
                "signing: there is no libcrypto.so.3; install libssl3, or libssl3t64 on Debian 13");
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
    static const CryptoLibrary crypto = open_crypto();
    constexpr std::size_t length = 32;
    std::array<unsigned char, length> digest{};
    unsigned int written = 0;
    const auto* const result = crypto.hmac(crypto.sha256(),
                                           key.data(),
                                           static_cast<int>(key.size()),
                                           reinterpret_cast<const unsigned char*>(text.data()),
                                           text.size(),
                                           digest.data(),
                                           &written);
    if (result == nullptr || written != length) {
        throw Error(
            ExitCode::failed, "libcrypto_failed", "signing: libcrypto does no HMAC-SHA-256");
    }
    std::string hex;
    for (const unsigned char byte : digest) {
        hex += fmt::format("{:02x}", byte);
    }
    return hex;
}

}  // namespace caretaker
