// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/search_distribution.hpp"

#include "tests/engines/engine_cache.hpp"
#include "tests/engines/root_answer_plugin.hpp"
#include "tests/support/child_process.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace caretaker::testing {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto download_timeout = 10min;

std::string run_or_give_up(const std::string& engine, const Command& command) {
    const Finished finished = run_command(command, download_timeout);
    if (finished.status.code != 0) {
        throw EngineUnavailable(fmt::format(
            "{}: {} failed:\n{}{}", engine, command.argv.front(), finished.out, finished.err));
    }
    return finished.out;
}

void run_maven(const std::string& engine, std::vector<std::string> arguments) {
    Command command;
    command.argv = {"mvn", "--batch-mode", "--quiet"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    run_or_give_up(engine, command);
}

/// The jars of the module that small distributions lack, with what they need and the home has not.
void add_reindex(const SearchDistribution& distribution, const fs::path& home) {
    const std::string name(distribution.name);
    const std::string artifact(distribution.reindex_client);
    const std::size_t first = artifact.find(':');
    const std::size_t second = artifact.find(':', first + 1);
    const fs::path work = home / "reindex-work";
    fs::create_directories(work);
    std::ofstream(work / "pom.xml") << fmt::format(
        "<project><modelVersion>4.0.0</modelVersion><groupId>t</groupId><artifactId>t</artifactId>"
        "<version>1</version><dependencies><dependency><groupId>{}</groupId><artifactId>{}"
        "</artifactId><version>{}</version></dependency></dependencies></project>",
        artifact.substr(0, first),
        artifact.substr(first + 1, second - first - 1),
        artifact.substr(second + 1));
    run_maven(name,
              {"--file",
               (work / "pom.xml").string(),
               "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies",
               fmt::format("-DoutputDirectory={}", (work / "jars").string())});
    const fs::path module = home / "modules" / "reindex";
    fs::create_directories(module);
    for (const auto& jar : fs::directory_iterator(work / "jars")) {
        if (!fs::exists(home / "lib" / jar.path().filename())) {
            fs::copy_file(jar.path(), module / jar.path().filename());
        }
    }
    const std::string version = artifact.substr(second + 1);
    const std::string classname = distribution.is_opensearch
                                      ? "org.opensearch.index.reindex.ReindexPlugin"
                                      : "org.elasticsearch.reindex.ReindexPlugin";
    std::ofstream(module / "plugin-descriptor.properties") << fmt::format(
        "name=reindex\ndescription=reindex\nversion={0}\n{1}.version={0}\njava.version=1.8\n"
        "has.native.controller=false\nclassname={2}\n",
        version,
        distribution.is_opensearch ? "opensearch" : "elasticsearch",
        classname);
    std::ofstream(module / "plugin-security.policy")
        << "grant { permission java.net.SocketPermission \"*\", \"connect\"; };\n";
    fs::remove_all(work);
}

/// Elasticsearch 1 asks Java for something that Java 9 no longer has, and ends; asked for another
/// text of the same kind instead it runs.
void patch_for_new_java(const SearchDistribution& distribution, const fs::path& home) {
    const std::string entry = "org/elasticsearch/monitor/jvm/JvmInfo.class";
    Command unzip;
    unzip.argv = {"unzip",
                  "-q",
                  (home / "lib" / fmt::format("{}.jar", distribution.name)).string(),
                  entry,
                  "-d",
                  (home / "patch").string()};
    run_or_give_up(std::string(distribution.name), unzip);
    std::ostringstream bytes;
    bytes << std::ifstream(home / "patch" / entry, std::ios::binary).rdbuf();
    std::string text = bytes.str();
    const std::string before = std::string("\x01\x00\x10", 3) + "getBootClassPath";
    const std::string after = std::string("\x01\x00\x0e", 3) + "getLibraryPath";
    const std::size_t at = text.find(before);
    if (at == std::string::npos) {
        throw EngineUnavailable(fmt::format("{}: its class JvmInfo is another", distribution.name));
    }
    text.replace(at, before.size(), after);
    std::ofstream(home / "patch" / entry, std::ios::binary) << text;
}

void unpack(const SearchDistribution& distribution, const fs::path& folder) {
    const std::string name(distribution.name);
    fs::create_directories(folder);
    run_maven(name,
              {"org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy",
               "-Dmdep.useBaseVersion=true",
               fmt::format("-Dartifact={}", distribution.artifact),
               fmt::format("-DoutputDirectory={}", folder.string())});
    const auto archive = folder / (name + ".zip");
    Command unzip;
    unzip.argv = {"unzip", "-q", archive.string(), "-d", folder.string()};
    run_or_give_up(name, unzip);
    fs::remove(archive);
    const fs::path home = folder / name;
    // Elasticsearch 2 ends when it cannot make its own.
    fs::create_directories(home / "plugins");
    fs::create_directories(home / "logs");
    if (!distribution.reindex_client.empty()) {
        add_reindex(distribution, home);
    }
    if (distribution.is_elasticsearch_before(2)) {
        patch_for_new_java(distribution, home);
    }
    if (!distribution.is_opensearch && distribution.major >= 9) {
        add_root_answer(home, java_home(distribution), name.substr(name.find('-') + 1));
    }
}

/// The major version of the Java in that folder, by its file `release`.
std::optional<int> java_version(const fs::path& home) {
    std::ifstream release(home / "release");
    constexpr std::string_view key = "JAVA_VERSION=\"";
    for (std::string line; std::getline(release, line);) {
        if (line.starts_with(key)) {
            int version = 0;
            std::from_chars(line.data() + key.size(), line.data() + line.size(), version);
            return version;
        }
    }
    return std::nullopt;
}

std::set<fs::path> java_homes() {
    std::set<fs::path> homes;
    if (const char* home = std::getenv("JAVA_HOME"); home != nullptr) {
        homes.insert(home);
    }
    std::error_code none;
    for (const auto& entry : fs::directory_iterator("/usr/lib/jvm", none)) {
        homes.insert(entry.path());
    }
    return homes;
}

}  // namespace

std::span<const SearchDistribution> search_distributions() {
    static constexpr std::array<SearchDistribution, 10> all{{
        {.name = "opensearch-2.19.3",
         .artifact = "org.opensearch.distribution.integ-test-zip:opensearch:2.19.3:zip",
         .reindex_client = "org.opensearch.plugin:reindex-client:2.19.3",
         .major = 2,
         .is_opensearch = true,
         .is_in_every_run = true},
        {.name = "elasticsearch-7.17.28",
         .artifact = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:7.17.28:zip",
         .reindex_client = "org.elasticsearch.plugin:reindex-client:7.17.28",
         .major = 7,
         .is_in_every_run = true},
        {.name = "elasticsearch-2.4.6",
         .artifact = "org.elasticsearch.distribution.zip:elasticsearch:2.4.6:zip",
         .major = 2,
         .is_in_every_run = true},
        {.name = "elasticsearch-1.7.6",
         .artifact = "org.elasticsearch:elasticsearch:1.7.6:zip",
         .major = 1,
         .has_reindex = false},
        {.name = "elasticsearch-5.6.16",
         .artifact = "org.elasticsearch.distribution.zip:elasticsearch:5.6.16:zip",
         .major = 5},
        {.name = "elasticsearch-6.8.23",
         .artifact = "org.elasticsearch.distribution.zip:elasticsearch:6.8.23:zip",
         .major = 6},
        {.name = "elasticsearch-8.6.2",
         .artifact = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.6.2:zip",
         .major = 8,
         .has_reindex = false},
        {.name = "elasticsearch-9.2.0",
         .artifact = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:9.2.0:zip",
         .major = 9,
         .needs_new_java = true,
         .has_reindex = false},
        {.name = "opensearch-1.3.20",
         .artifact = "org.opensearch.distribution.integ-test-zip:opensearch:1.3.20:zip",
         .reindex_client = "org.opensearch.plugin:reindex-client:1.3.20",
         .major = 1,
         .is_opensearch = true},
        {.name = "opensearch-3.6.0",
         .artifact = "org.opensearch.distribution.integ-test-zip:opensearch:3.6.0:zip",
         .major = 3,
         .is_opensearch = true,
         .needs_new_java = true},
    }};
    return all;
}

std::size_t search_distribution_number(std::string_view name) {
    const auto all = search_distributions();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].name == name) {
            return i;
        }
    }
    throw std::out_of_range(fmt::format("no distribution {}", name));
}

fs::path search_home(const SearchDistribution& distribution) {
    const std::string name(distribution.name);
    require_programs(name, {"mvn", "unzip"});
    // Those with a module of our own are another entry than the bare ones.
    const std::string entry = distribution.reindex_client.empty() ? name : name + "-with-reindex";
    return cached(entry, [&](const fs::path& folder) { unpack(distribution, folder); }) / name;
}

fs::path java_home(const SearchDistribution& distribution) {
    constexpr int first_new = 21;
    constexpr int first_without_security_manager = 24;
    for (const fs::path& home : java_homes()) {
        const auto version = java_version(home);
        if (version && (distribution.needs_new_java
                            ? *version >= first_new
                            : *version >= 11 && *version < first_without_security_manager)) {
            return home;
        }
    }
    throw EngineUnavailable(
        fmt::format("{}: there is no Java {} in /usr/lib/jvm or JAVA_HOME",
                    distribution.name,
                    distribution.needs_new_java ? "21 or newer" : "from 11 to 23"));
}

}  // namespace caretaker::testing
