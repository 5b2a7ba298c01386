// SPDX-License-Identifier: Apache-2.0
// Why a request got no answer, and how far it came: what decides whether it may be sent again.
#pragma once

#include "common/base/error.hpp"

#include <string>

namespace caretaker {

enum class HttpFault {
    connect,    // name resolution or connection: no byte was sent
    timeout,    // no complete answer in time
    stall,      // the transfer stood still
    cut,        // the connection broke before the whole answer had come
    too_large,  // the answer passed its limit
    tls,        // verification or handshake refused
    not_http,   // the other end speaks something else
    redirect,   // a loop, or a place where a redirect must not lead
    other,
};

/// How far a request came before it failed.
struct HttpProgress {
    bool request_sent = false;  // at least one byte of it may have reached the service
    bool answer_begun = false;  // at least one byte of the answer was received
};

class HttpError : public RemoteError {
 public:
    HttpError(HttpFault fault,
              RemoteFailure failure,
              const std::string& code,
              const std::string& message,
              HttpProgress progress = {})
        : RemoteError(failure, code, message), fault_(fault), progress_(progress) {
        set_may_have_arrived(failure == RemoteFailure::unreachable && progress.request_sent);
    }

    [[nodiscard]] HttpFault fault() const noexcept { return fault_; }

    [[nodiscard]] HttpProgress progress() const noexcept { return progress_; }

 private:
    HttpFault fault_;
    HttpProgress progress_;
};

}  // namespace caretaker
