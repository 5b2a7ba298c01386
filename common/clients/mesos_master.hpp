// SPDX-License-Identifier: Apache-2.0
// The leading Mesos master: finds it, and reads its documents while they arrive.
#pragma once

#include "common/clients/json_answer.hpp"
#include "common/http/service_http.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// Mesos 0.21 to 1.12. From 1.0 on a master that does not lead redirects; one of 0.2x answers for
/// itself, with an empty cluster.
class MesosMaster {
 public:
    explicit MesosMaster(ServiceHttp& http) : http_(http) {}

    /// Reads `path`, "/master/slaves", of up to 1 GiB; where there is no such path and `old_path`
    /// is given, that one. False where neither exists. Throws RemoteError, JsonError, and what
    /// `read` throws.
    bool read(std::string_view path, const ReadJsonAnswer& read, std::string_view old_path = {});

    /// Reads what a call of the operator API without arguments answers, "GET_AGENTS". False where
    /// there is no such API, as before 1.0. Throws as read().
    bool call(std::string_view type, const ReadJsonAnswer& read);

    /// A whole number out of the metrics of the master that answered last, "master/slaves_active".
    /// None where it has no such metric, or leads no more. Throws RemoteError and JsonError.
    std::optional<std::int64_t> metric(std::string_view name);

    /// For a master that has no agents: where it does not lead, goes on with the one that does and
    /// returns true. Throws RemoteError "mesos_no_leader" (exit 7) where none leads.
    bool follow_leader();

    /// The address that answered last: "http://10.0.0.1:5050".
    [[nodiscard]] const std::string& answered() const { return answered_; }

 private:
    bool try_read(std::string_view path, const ReadJsonAnswer& read);
    void note(const HttpResponse& response);

    ServiceHttp& http_;
    std::string leader_{};  // put before paths, once it was found; else empty
    std::string answered_{};
};

}  // namespace caretaker
