// SPDX-License-Identifier: Apache-2.0
// A certificate authority and a server certificate for 127.0.0.1, made for one test run.
#pragma once

#include <filesystem>

namespace caretaker::testing {

struct TlsFiles {
    std::filesystem::path authority{};  // what clients trust, PEM
    std::filesystem::path server{};  // private key (PKCS 8), certificate and authority in one PEM
};

/// Makes them in `folder` by the openssl program; throws std::runtime_error with its output.
TlsFiles make_tls_files(const std::filesystem::path& folder);

}  // namespace caretaker::testing
