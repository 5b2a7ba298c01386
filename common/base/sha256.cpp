// SPDX-License-Identifier: Apache-2.0
#include "common/base/sha256.hpp"

#include "common/base/crypto_library.hpp"
#include "common/base/error.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace caretaker {

struct Sha256::Library {
    using Make = void* (*)();
    using Free = void (*)(void*);
    using Begin = int (*)(void*, const void* digest, void* engine);
    using Add = int (*)(void*, const void* bytes, std::size_t size);
    using End = int (*)(void*, unsigned char* result, unsigned int* size);
    using Digest = const void* (*)();

    Make make = crypto_function<Make>("EVP_MD_CTX_new");
    Free free = crypto_function<Free>("EVP_MD_CTX_free");
    Begin begin = crypto_function<Begin>("EVP_DigestInit_ex");
    Add add = crypto_function<Add>("EVP_DigestUpdate");
    End end = crypto_function<End>("EVP_DigestFinal_ex");
    Digest sha256 = crypto_function<Digest>("EVP_sha256");

    static const Library& get() {
        static const Library library;
        return library;
    }
};

namespace {

void check(bool done) {
    if (!done) {
        throw Error(ExitCode::failed, "libcrypto_failed", "hashing: libcrypto does no SHA-256");
    }
}

}  // namespace

Sha256::Sha256() : library_(Library::get()), state_(library_.make(), library_.free) {
    check(state_ != nullptr && library_.begin(state_.get(), library_.sha256(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
    check(library_.add(state_.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::finish() {
    std::array<unsigned char, 32> digest{};
    unsigned int written = 0;
    check(library_.end(state_.get(), digest.data(), &written) == 1 && written == digest.size());
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace caretaker
