// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_library.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <dlfcn.h>

namespace caretaker {

namespace {

RemoteError unusable(std::string_view what) {
    return {RemoteFailure::failed,
            "libcurl_missing",
            fmt::format("opening libcurl.so.4: {}; install libcurl4", what)};
}

template <typename Function>
void load(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));  // as dlsym(3) means it
    if (function == nullptr) {
        throw unusable(fmt::format("it has no {}", name));
    }
}

CurlLibrary open_library() {
    void* library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        const char* reason = ::dlerror();
        throw unusable(reason == nullptr ? "not found" : reason);
    }
    CurlLibrary curl;
    load(library, "curl_global_init", curl.global_init);
    load(library, "curl_version_info", curl.version_info);
    load(library, "curl_easy_init", curl.easy_init);
    load(library, "curl_easy_cleanup", curl.easy_cleanup);
    load(library, "curl_easy_reset", curl.easy_reset);
    load(library, "curl_easy_setopt", curl.easy_setopt);
    load(library, "curl_easy_getinfo", curl.easy_getinfo);
    load(library, "curl_easy_strerror", curl.easy_strerror);
    load(library, "curl_easy_pause", curl.easy_pause);
    load(library, "curl_multi_init", curl.multi_init);
    load(library, "curl_multi_cleanup", curl.multi_cleanup);
    load(library, "curl_multi_add_handle", curl.multi_add_handle);
    load(library, "curl_multi_remove_handle", curl.multi_remove_handle);
    load(library, "curl_multi_perform", curl.multi_perform);
    load(library, "curl_multi_poll", curl.multi_poll);
    load(library, "curl_multi_info_read", curl.multi_info_read);
    load(library, "curl_slist_append", curl.slist_append);
    load(library, "curl_slist_free_all", curl.slist_free_all);
    if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        throw unusable("it does not start");
    }
    return curl;
}

}  // namespace

const CurlLibrary& curl_library() {
    static const CurlLibrary library = open_library();
    return library;
}

}  // namespace caretaker
