// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/search_command.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace caretaker::testing {

namespace {

constexpr std::string_view nobody = "65534";

std::string family(const SearchDistribution& distribution) {
    return distribution.is_opensearch ? "opensearch" : "elasticsearch";
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path) << text;
}

/// The shipped options without those that need more memory or write beside the instance.
void write_java_options(const SearchInstance& instance) {
    std::ifstream shipped(instance.home / "config" / "jvm.options");
    std::string kept;
    for (std::string line; std::getline(shipped, line);) {
        bool is_unwanted = false;
        for (const char* word : {"gc.log", "HeapDump", "ErrorFile", "G1"}) {
            is_unwanted = is_unwanted || line.find(word) != std::string::npos;
        }
        kept += is_unwanted ? "" : line + "\n";
    }
    write_file(instance.folder / "config" / "jvm.options", kept);
}

bool starts_by_script(const SearchDistribution& distribution) {
    return !distribution.is_opensearch && distribution.major >= 8;
}

class CommandLine {
 public:
    CommandLine(const SearchDistribution& distribution, const SearchInstance& instance)
        : distribution_(distribution),
          home_(instance.home.string()),
          folder_(instance.folder.string()),
          java_(java_home(distribution).string()) {}

    Command make() {
        if (::geteuid() == 0) {
            add({"setpriv",
                 fmt::format("--reuid={}", nobody),
                 fmt::format("--regid={}", nobody),
                 "--clear-groups"});
        }
        command_.directory = home_;
        if (starts_by_script(distribution_)) {
            add({home_ + "/bin/elasticsearch"});
            command_.environment = {
                {"ES_PATH_CONF", folder_ + "/config"},
                {"ES_JAVA_HOME", java_},
                {"ES_TMPDIR", folder_ + "/tmp"},
                {"LIBFFI_TMPDIR", folder_ + "/tmp"},
                {"ES_JAVA_OPTS",
                 "-Xms384m -Xmx384m -XX:-UseG1GC -XX:+UseSerialGC -XX:-AlwaysPreTouch "
                 "-XX:TieredStopAtLevel=1"}};
            return std::move(command_);
        }
        command_.environment = {{"LIBFFI_TMPDIR", folder_ + "/tmp"}};
        add_java();
        if (distribution_.is_opensearch) {
            add_opensearch();
        } else {
            add_elasticsearch();
        }
        return std::move(command_);
    }

 private:
    void add(const std::vector<std::string>& words) {
        command_.argv.insert(command_.argv.end(), words.begin(), words.end());
    }

    void add_java() {
        add({java_ + "/bin/java",
             "-Xms384m",
             "-Xmx384m",
             "-XX:+UseSerialGC",
             "-XX:TieredStopAtLevel=1",
             fmt::format("-Djava.io.tmpdir={}/tmp", folder_),
             fmt::format("-Djna.tmpdir={}/tmp", folder_),
             "-Djna.nosys=true",
             "-Dfile.encoding=UTF-8",
             "-Djava.awt.headless=true",
             "-Dlog4j2.disable.jmx=true",
             "-Dio.netty.noUnsafe=true"});
        if (!distribution_.needs_new_java && !distribution_.is_elasticsearch_before(2)) {
            add({"-Djava.security.manager=allow"});
        }
        for (const char* package : {"java.nio", "java.lang", "java.util", "sun.nio.ch"}) {
            add({fmt::format("--add-opens=java.base/{}=ALL-UNNAMED", package)});
        }
    }

    void add_opensearch() {
        if (distribution_.major >= 3) {
            add({fmt::format("-javaagent:{}/agent/opensearch-agent.jar", home_),
                 "--add-modules=jdk.incubator.vector"});
        }
        add({fmt::format("-Dopensearch.path.home={}", home_),
             fmt::format("-Dopensearch.path.conf={}/config", folder_),
             "-Dopensearch.distribution.type=zip",
             "-Dopensearch.bundled_jdk=false",
             "-cp",
             home_ + "/lib/*",
             "org.opensearch.bootstrap.OpenSearch"});
    }

    void add_elasticsearch() {
        constexpr const char* main = "org.elasticsearch.bootstrap.Elasticsearch";
        const std::string jar = fmt::format("{}/lib/{}.jar", home_, distribution_.name);
        add({fmt::format("-Des.path.home={}", home_)});
        if (distribution_.major == 5) {
            add({"-cp", home_ + "/lib/*", main, fmt::format("-Epath.conf={}/config", folder_)});
            return;
        }
        add({fmt::format("-Des.path.conf={}/config", folder_)});
        if (distribution_.major == 1) {
            add({"-cp", fmt::format("{0}/patch:{1}:{0}/lib/*:{0}/lib/sigar/*", home_, jar), main});
        } else if (distribution_.major == 2) {
            add({"-cp", fmt::format("{}:{}/lib/*", jar, home_), main, "start"});
        } else {
            add({"-Des.distribution.flavor=default",
                 "-Des.distribution.type=zip",
                 "-Des.bundled_jdk=false",
                 "-cp",
                 home_ + "/lib/*",
                 main});
        }
    }

    const SearchDistribution& distribution_;
    std::string home_;
    std::string folder_;
    std::string java_;
    Command command_;
};

}  // namespace

void write_search_configuration(const SearchDistribution& distribution,
                                const SearchInstance& instance) {
    const bool has_old_names = distribution.is_elasticsearch_before(7);
    std::string settings = fmt::format(
        "cluster.name: engines\nnode.name: n1\npath.data: {0}/data\npath.logs: {0}/logs\n"
        "path.repo: [\"{0}/repo\"]\nnetwork.host: 127.0.0.1\nhttp.port: {1}\n{2}: {3}\n",
        instance.folder.string(),
        instance.http_port,
        has_old_names ? "transport.tcp.port" : "transport.port",
        instance.transport_port);
    if (distribution.is_elasticsearch_before(2)) {
        settings += "discovery.zen.ping.multicast.enabled: false\n";
    } else if (!distribution.is_elasticsearch_before(5)) {
        settings += "discovery.type: single-node\n";
    }
    if (!distribution.is_elasticsearch_before(5) && distribution.has_reindex) {
        settings += fmt::format(
            "reindex.remote.{}: [\"127.0.0.1:*\"]\n",
            distribution.is_opensearch && distribution.major >= 2 ? "allowlist" : "whitelist");
    }
    if (!distribution.is_opensearch && distribution.major >= 6) {
        settings += "xpack.security.enabled: false\n";
    }
    if (!distribution.is_opensearch && distribution.major == 6) {
        settings +=
            "xpack.ml.enabled: false\nxpack.watcher.enabled: false\n"
            "xpack.monitoring.enabled: false\n";
    }
    if (!distribution.is_opensearch && distribution.major >= 8) {
        settings +=
            "action.destructive_requires_name: false\n";  // the tests clear it by a wildcard
    }
    const auto config = instance.folder / "config";
    write_file(config / (family(distribution) + ".yml"), settings);
    write_file(config / "log4j2.properties",
               "status = error\nappender.console.type = Console\nappender.console.name = console\n"
               "appender.console.layout.type = PatternLayout\n"
               "appender.console.layout.pattern = %d %p %c{1} %m%n\nrootLogger.level = warn\n"
               "rootLogger.appenderRef.console.ref = console\n");
    write_file(config / "logging.yml",
               "rootLogger: WARN, console\nappender:\n  console:\n    type: console\n    layout:\n"
               "      type: consolePattern\n      conversionPattern: \"%d %p %c %m%n\"\n");
    if (starts_by_script(distribution)) {
        write_java_options(instance);
    }
}

Command search_command(const SearchDistribution& distribution, const SearchInstance& instance) {
    return CommandLine(distribution, instance).make();
}

}  // namespace caretaker::testing
