// SPDX-License-Identifier: Apache-2.0
#include "common/config/secret_setting.hpp"

#include "common/base/error.hpp"
#include "common/config/text_file.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

constexpr std::size_t most_bytes = 64 << 10;

}  // namespace

ValueFile read_value_file(const std::string& path) {
    TextFile file = read_text_file(path, most_bytes);
    if (!file.error.empty()) {
        return {.text = {}, .error = std::move(file.error)};
    }
    if (file.text.size() > most_bytes) {
        return {.text = {}, .error = "it is larger than 64 KiB"};
    }
    if (file.text.ends_with('\n')) {
        file.text.pop_back();
    }
    if (file.text.ends_with('\r')) {
        file.text.pop_back();
    }
    if (file.text.empty()) {
        return {.text = {}, .error = "it is empty"};
    }
    if (file.text.find('\0') != std::string::npos) {
        return {.text = {}, .error = "it holds a NUL byte"};
    }
    return {.text = std::move(file.text), .error = {}};
}

std::optional<std::string> read_secret(const Settings& settings, const std::string& path) {
    const Setting* direct = settings.find(path);
    const Setting* by_file = settings.find(path + "_file");
    if (direct != nullptr && by_file != nullptr) {
        throw UsageError(fmt::format("{} ({}) and {} ({}) are both set; set one of them",
                                     direct->path,
                                     direct->origin,
                                     by_file->path,
                                     by_file->origin));
    }
    if (direct != nullptr) {
        return std::get<std::string>(direct->value);
    }
    if (by_file == nullptr) {
        return std::nullopt;
    }
    const auto& name = std::get<std::string>(by_file->value);
    ValueFile file = read_value_file(name);
    if (!file.error.empty()) {
        throw UsageError(
            fmt::format("reading {} of {}: {}; check {}", name, path, file.error, by_file->origin));
    }
    return std::move(file.text);
}

}  // namespace caretaker
