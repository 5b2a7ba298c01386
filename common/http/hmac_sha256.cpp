// SPDX-License-Identifier: Apache-2.0
#include "common/http/hmac_sha256.hpp"

#include "common/base/crypto_library.hpp"
#include "common/base/error.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace caretaker {

namespace {

using ShaFunction = const void* (*)();
using HmacFunction = unsigned char* (*)(const void* digest,
                                        const void* key,
                                        int key_length,
                                        const unsigned char* text,
                                        std::size_t text_length,
                                        unsigned char* result,
                                        unsigned int* result_length);

struct CryptoLibrary {
    ShaFunction sha256 = crypto_function<ShaFunction>("EVP_sha256");
    HmacFunction hmac = crypto_function<HmacFunction>("HMAC");
};

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
    static const CryptoLibrary crypto;
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
