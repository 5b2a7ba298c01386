// SPDX-License-Identifier: Apache-2.0
#include "common/base/loaded_library.hpp"

#include <link.h>

#include <filesystem>
#include <system_error>

namespace caretaker {

namespace {

struct Search {
    std::string prefix{};  // "libfmt.so."
    std::string path{};    // of the library found
};

int inspect_object(dl_phdr_info* info, std::size_t /*size*/, void* data) {
    auto& search = *static_cast<Search*>(data);
    const std::string_view path = info->dlpi_name;
    if (path.substr(path.rfind('/') + 1).starts_with(search.prefix)) {
        search.path = path;
        return 1;
    }
    return 0;
}

}  // namespace

std::string loaded_library_version(std::string_view stem) {
    Search search{.prefix = std::string(stem) + ".so."};
    ::dl_iterate_phdr(inspect_object, &search);
    if (search.path.empty()) {
        return "static";
    }
    std::error_code ignored;  // an unreadable link leaves the shorter version of the name itself
    const auto real = std::filesystem::canonical(search.path, ignored);
    const std::string name = ignored ? search.path : real.string();
    return name.substr(name.rfind(".so.") + 4);
}

}  // namespace caretaker
