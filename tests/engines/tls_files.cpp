// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/tls_files.hpp"

#include "tests/support/child_process.hpp"

#include <fmt/format.h>

#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

namespace caretaker::testing {

namespace {

void run_openssl(const std::filesystem::path& folder, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openssl");
    Command openssl;
    openssl.argv = std::move(arguments);
    openssl.directory = folder;
    const Finished finished = run_command(openssl);
    if (finished.status.code != 0) {
        throw std::runtime_error("openssl: " + finished.err);
    }
}

void concatenate(const std::filesystem::path& target,
                 std::initializer_list<std::filesystem::path> parts) {
    std::ofstream out(target);
    for (const auto& part : parts) {
        out << std::ifstream(part).rdbuf();
    }
}

/// NAME.key and NAME.crt, for a subject and, where there are any, further names of a server.
void make_certificate(const std::filesystem::path& folder,
                      const std::string& name,
                      const std::string& subject,
                      const std::string& alternative_names) {
    run_openssl(folder,
                {"req",
                 "-newkey",
                 "rsa:2048",
                 "-noenc",
                 "-subj",
                 subject,
                 "-keyout",
                 name + ".key",
                 "-out",
                 name + ".csr"});
    std::ofstream(folder / (name + ".cnf")) << alternative_names;
    run_openssl(folder,
                {"x509",
                 "-req",
                 "-in",
                 name + ".csr",
                 "-CA",
                 "ca.pem",
                 "-CAkey",
                 "ca.key",
                 "-CAcreateserial",
                 "-days",
                 "2",
                 "-extfile",
                 name + ".cnf",
                 "-out",
                 name + ".crt"});
}

}  // namespace

TlsFiles make_tls_files(const std::filesystem::path& folder) {
    const auto in_folder = [&](const char* name) { return folder / name; };
    run_openssl(folder,
                {"req",
                 "-x509",
                 "-newkey",
                 "rsa:2048",
                 "-noenc",
                 "-days",
                 "2",
                 "-subj",
                 "/CN=caretaker test authority",
                 "-keyout",
                 "ca.key",
                 "-out",
                 "ca.pem"});
    make_certificate(
        folder, "server", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    make_certificate(folder, "client", fmt::format("/CN={}", certified_user), "");
    concatenate(in_folder("server.pem"),
                {in_folder("server.key"), in_folder("server.crt"), in_folder("ca.pem")});
    return {.authority = in_folder("ca.pem"),
            .server = in_folder("server.pem"),
            .client_certificate = in_folder("client.crt"),
            .client_key = in_folder("client.key")};
}

}  // namespace caretaker::testing
