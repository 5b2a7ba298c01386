// SPDX-License-Identifier: Apache-2.0
#include "common/cli/version.hpp"

#include "common/base/loaded_library.hpp"
#include "common/base/version.hpp"
#include "common/http/curl_http.hpp"
#include "common/kafka/rdkafka_client.hpp"
#include "common/output/json_writer.hpp"
#include "common/store/store.hpp"
#include "common/text/regex.hpp"

#include <CLI/Version.hpp>
#include <fmt/format.h>
#include <gnu/libc-version.h>
#include <rapidjson/rapidjson.h>

#include <utility>
#include <vector>

namespace caretaker {

namespace {

using Fact = std::pair<std::string, std::string>;

std::vector<Fact> build_facts() {
    const BuildInfo& build = build_info();
    return {
        {"version", std::string(build.version)},
        {"commit", std::string(build.commit)},
        {"commit_date", std::string(build.commit_date)},
        {"compiler", std::string(build.compiler)},
        {"build_type", std::string(build.build_type)},
        {"architecture", std::string(build.architecture)},
        {"store_schema", std::to_string(store_schema_version)},
    };
}

std::vector<Fact> library_facts() {
    return {
        {"librdkafka", kafka_library_version()},
        {"libcurl", curl_library_version()},
        {"tls", curl_tls_version()},
        {"sqlite", sqlite_library_version()},
        {"pcre2", regex_library_version()},
        {"yaml-cpp", loaded_library_version("libyaml-cpp")},
        {"fmt", loaded_library_version("libfmt")},
        {"spdlog", loaded_library_version("libspdlog")},
        {"rapidjson", RAPIDJSON_VERSION_STRING},
        {"cli11", CLI11_VERSION},
        {"glibc", ::gnu_get_libc_version()},
    };
}

}  // namespace

std::string format_version() {
    const BuildInfo& build = build_info();
    return fmt::format("caretaker {} ({}, {})\n", build.version, build.commit, build.commit_date);
}

std::string format_version_details() {
    std::string out = format_version();
    for (const auto& facts : {build_facts(), library_facts()}) {
        for (const auto& [name, value] : facts) {
            out += fmt::format("{:<14}{}\n", name, value);
        }
    }
    return out;
}

std::string format_version_json() {
    JsonWriter out;
    out.begin_object();
    out.member("name", "caretaker");
    for (const auto& [name, value] : build_facts()) {
        out.member(name, value);
    }
    out.key("libraries");
    out.begin_object();
    for (const auto& [name, value] : library_facts()) {
        out.member(name, value);
    }
    out.end_object();
    out.end_object();
    out.end_line();
    return std::string(out.text());
}

}  // namespace caretaker
