// SPDX-License-Identifier: Apache-2.0
// A certificate authority, a server certificate for 127.0.0.1 and one of a client, made for one
// test run.
#pragma once

#include <filesystem>
#include <string_view>

namespace caretaker::testing {

/// Whom the client's certificate names.
inline constexpr std::string_view certified_user = "certified";

struct TlsFiles {
    std::filesystem::path authority{};  // what clients trust, PEM
    std::filesystem::path server{};  // private key (PKCS 8), certificate and authority in one PEM
    std::filesystem::path client_certificate{};  // PEM
    std::filesystem::path client_key{};          // PEM
};

/// Makes them in `folder` by the openssl program; throws std::runtime_error with its output.
TlsFiles make_tls_files(const std::filesystem::path& folder);

}  // namespace caretaker::testing
