// SPDX-License-Identifier: Apache-2.0
// A real Kerberos realm (MIT's key distribution centre) on loopback, for the life of a test suite.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

/// The service that brokers on 127.0.0.1 are, and a user.
inline constexpr const char* kerberos_broker = "kafka/127.0.0.1";
inline constexpr const char* kerberos_user = "kerberos-reader";

class KerberosRealm {
 public:
    /// Returns when it gives tickets. Throws EngineUnavailable where a program of it is missing,
    /// std::runtime_error with its output when it does not start.
    KerberosRealm();

    /// krb5.conf: for clients and brokers.
    [[nodiscard]] std::filesystem::path configuration() const {
        return folder_.path() / "krb5.conf";
    }

    /// With the keys of the service and the user.
    [[nodiscard]] std::filesystem::path keys() const { return folder_.path() / "keys"; }

    /// Where clients keep their tickets.
    [[nodiscard]] std::filesystem::path tickets() const { return folder_.path() / "tickets"; }

    /// What a client's environment needs: the realm, and where its tickets are.
    [[nodiscard]] std::vector<std::pair<std::string, std::optional<std::string>>> environment()
        const;

 private:
    void run(std::vector<std::string> arguments) const;

    TempDir folder_;
    std::unique_ptr<ChildProcess> centre_;
};

}  // namespace caretaker::testing
