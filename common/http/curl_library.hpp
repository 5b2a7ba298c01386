// SPDX-License-Identifier: Apache-2.0
// libcurl, opened when the first request needs it: with the libraries it brings along it would cost
// every start some 10 ms and 6 MB, and many runs talk no HTTP.
#pragma once

#include <curl/curl.h>

#include <memory>

namespace caretaker {

/// The functions that are used, typed as curl.h declares them.
struct CurlLibrary {
    decltype(&curl_global_init) global_init = nullptr;
    decltype(&curl_version_info) version_info = nullptr;
    decltype(&curl_easy_init) easy_init = nullptr;
    decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
    decltype(&curl_easy_reset) easy_reset = nullptr;
    decltype(&curl_easy_setopt) easy_setopt = nullptr;
    decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
    decltype(&curl_easy_strerror) easy_strerror = nullptr;
    decltype(&curl_easy_pause) easy_pause = nullptr;
    decltype(&curl_multi_init) multi_init = nullptr;
    decltype(&curl_multi_cleanup) multi_cleanup = nullptr;
    decltype(&curl_multi_add_handle) multi_add_handle = nullptr;
    decltype(&curl_multi_remove_handle) multi_remove_handle = nullptr;
    decltype(&curl_multi_perform) multi_perform = nullptr;
    decltype(&curl_multi_poll) multi_poll = nullptr;
    decltype(&curl_multi_info_read) multi_info_read = nullptr;
    decltype(&curl_slist_append) slist_append = nullptr;
    decltype(&curl_slist_free_all) slist_free_all = nullptr;
};

/// Opened once per process and never closed; safe to call from any thread.
/// Throws RemoteError "libcurl_missing" where there is no usable libcurl.so.4.
const CurlLibrary& curl_library();

struct CurlEasyCleanup {
    void operator()(CURL* easy) const noexcept { curl_library().easy_cleanup(easy); }
};

/// Takes all options back; the handle's connections stay open.
struct CurlEasyReset {
    void operator()(CURL* easy) const noexcept { curl_library().easy_reset(easy); }
};

struct CurlMultiCleanup {
    void operator()(CURLM* multi) const noexcept { curl_library().multi_cleanup(multi); }
};

struct CurlListCleanup {
    void operator()(curl_slist* list) const noexcept { curl_library().slist_free_all(list); }
};

using CurlEasy = std::unique_ptr<CURL, CurlEasyCleanup>;
using CurlMulti = std::unique_ptr<CURLM, CurlMultiCleanup>;
using CurlList = std::unique_ptr<curl_slist, CurlListCleanup>;

}  // namespace caretaker
