// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_stall_watch.hpp"

#include "common/http/curl_request.hpp"

#include <algorithm>

namespace caretaker {

bool StallMeter::is_stalled(std::uint64_t bytes, Time now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(stall_).count();
    const auto enough = static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 1));
    if (!begun_ || bytes - bytes_ >= enough) {
        begun_ = true;
        bytes_ = bytes;
        since_ = now;
        return false;
    }
    return now - since_ >= stall_;
}

void CurlStallWatch::attach(CURL* easy) {
    easy_ = easy;
    set_option(easy, CURLOPT_NOPROGRESS, 0L);
    set_option(easy, CURLOPT_XFERINFOFUNCTION, &CurlStallWatch::on_progress);
    set_option(easy, CURLOPT_XFERINFODATA, this);
}

int CurlStallWatch::on_progress(void* self,
                                curl_off_t /*download_total*/,
                                curl_off_t downloaded,
                                curl_off_t /*upload_total*/,
                                curl_off_t uploaded) {
    auto& watch = *static_cast<CurlStallWatch*>(self);
    long sent = 0;
    curl_library().easy_getinfo(watch.easy_, CURLINFO_REQUEST_SIZE, &sent);
    if (sent > 0) {  // before, the connection has a limit of its own
        watch.stalled_ = watch.meter_.is_stalled(static_cast<std::uint64_t>(downloaded + uploaded),
                                                 std::chrono::steady_clock::now());
    }
    return watch.stalled_ ? 1 : 0;
}

}  // namespace caretaker
