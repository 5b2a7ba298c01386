// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_multi_loop.hpp"

#include "common/base/stop_signal.hpp"

#include <algorithm>
#include <new>

namespace caretaker {

CurlMultiLoop::CurlMultiLoop(const StopSignal& stop, std::chrono::milliseconds patience)
    : stop_(stop), patience_(patience), multi_(curl_library().multi_init()) {
    if (!multi_) {
        throw std::bad_alloc();
    }
}

CurlMultiLoop::Membership::Membership(CurlMultiLoop& loop, CURL* easy) : loop_(loop), easy_(easy) {
    if (curl_library().multi_add_handle(loop_.multi_.get(), easy_) != CURLM_OK) {
        throw std::bad_alloc();  // the one reason that is left
    }
}

CurlMultiLoop::Membership::~Membership() {
    curl_library().multi_remove_handle(loop_.multi_.get(), easy_);
}

std::optional<CurlDone> CurlMultiLoop::step() {
    auto done = next_done();
    if (!done) {
        int running = 0;
        curl_library().multi_perform(multi_.get(), &running);
        done = next_done();
    }
    if (!done) {
        check_stop();
    }
    return done;
}

void CurlMultiLoop::wait() {
    wait(patience_);
}

void CurlMultiLoop::wait(std::chrono::milliseconds most) {
    // Once a stop was requested its descriptor stays readable and would end every wait.
    const bool is_stopping = stop_.requested();
    curl_waitfd wake{.fd = stop_.wait_fd(), .events = CURL_WAIT_POLLIN, .revents = 0};
    const auto longest = std::min(most, is_stopping ? std::chrono::milliseconds(50) : patience_);
    curl_library().multi_poll(multi_.get(),
                              is_stopping ? nullptr : &wake,
                              is_stopping ? 0 : 1,
                              static_cast<int>(longest.count()),
                              nullptr);
}

CURLcode CurlMultiLoop::run(CURL* easy) {
    const Membership member(*this, easy);
    while (true) {
        if (const auto done = step()) {
            return done->second;
        }
        wait();
    }
}

std::optional<CurlDone> CurlMultiLoop::next_done() {
    int queued = 0;
    while (const CURLMsg* message = curl_library().multi_info_read(multi_.get(), &queued)) {
        if (message->msg == CURLMSG_DONE) {
            return CurlDone{message->easy_handle, message->data.result};
        }
    }
    return std::nullopt;
}

void CurlMultiLoop::check_stop() {
    if (!stop_.requested()) {
        return;
    }
    // The system waits for the process to end, whatever the job's clock says.
    const auto now = std::chrono::steady_clock::now();
    if (!stop_seen_) {
        stop_seen_ = now;
    }
    if (now - *stop_seen_ >= grace_) {
        stop_.check();
    }
}

}  // namespace caretaker
