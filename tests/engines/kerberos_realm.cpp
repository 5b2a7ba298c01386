// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/kerberos_realm.hpp"

#include "tests/engines/engine_cache.hpp"
#include "tests/support/free_port.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <stdexcept>

namespace caretaker::testing {

namespace {

constexpr std::chrono::minutes start_timeout{1};

}  // namespace

KerberosRealm::KerberosRealm() {
    require_programs("Kerberos", {"krb5kdc", "kdb5_util", "kadmin.local", "kinit"});
    const std::string address = fmt::format("127.0.0.1:{}", free_tcp_port());
    const std::string folder = folder_.path().string();
    // Names of hosts are taken as they are: 127.0.0.1 has another name on every machine.
    std::ofstream(configuration()) << fmt::format(
        R"([libdefaults]
default_realm = TEST.INVALID
dns_canonicalize_hostname = false
rdns = false
dns_lookup_kdc = false
dns_lookup_realm = false
udp_preference_limit = 1
[realms]
TEST.INVALID = {{
  kdc = {address}
}}
)",
        fmt::arg("address", address));
    std::ofstream(folder_.path() / "kdc.conf") << fmt::format(
        R"([realms]
TEST.INVALID = {{
  database_name = {folder}/principal
  key_stash_file = {folder}/stash
  kdc_listen = ""
  kdc_tcp_listen = {address}
}}
)",
        fmt::arg("folder", folder),
        fmt::arg("address", address));
    run({"kdb5_util", "create", "-r", "TEST.INVALID", "-s", "-P", "master"});
    for (const char* name : {kerberos_broker, kerberos_user}) {
        run({"kadmin.local", "addprinc", "-randkey", name});
        run({"kadmin.local", "ktadd", "-k", keys().string(), name});
    }
    Command centre;
    centre.argv = {"krb5kdc", "-n"};
    centre.environment = environment();
    centre_ = std::make_unique<ChildProcess>(centre);
    if (!centre_->wait_for_output("starting", start_timeout)) {
        throw std::runtime_error("krb5kdc does not start:\n" + centre_->out() + centre_->err());
    }
}

std::vector<std::pair<std::string, std::optional<std::string>>> KerberosRealm::environment() const {
    return {{"KRB5_CONFIG", configuration().string()},
            {"KRB5_KDC_PROFILE", (folder_.path() / "kdc.conf").string()},
            {"KRB5CCNAME", "FILE:" + tickets().string()}};
}

void KerberosRealm::run(std::vector<std::string> arguments) const {
    Command command;
    command.argv = std::move(arguments);
    command.environment = environment();
    const Finished finished = run_command(command);
    if (finished.status.code != 0) {
        throw std::runtime_error(
            fmt::format("{}:\n{}{}", command.argv.front(), finished.out, finished.err));
    }
}

}  // namespace caretaker::testing
