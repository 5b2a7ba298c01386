// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/root_answer_plugin.hpp"

#include "tests/engines/engine_cache.hpp"
#include "tests/support/child_process.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>

namespace caretaker::testing {

namespace {

constexpr const char* source = R"(package caretaker;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.metadata.IndexNameExpressionResolver;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.IndexScopedSettings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.settings.SettingsFilter;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestController;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;

public final class RootAnswer extends Plugin implements ActionPlugin {
    @Override
    public Collection<RestHandler> getRestHandlers(
        Settings settings, NamedWriteableRegistry writeables, RestController controller,
        ClusterSettings clusterSettings, IndexScopedSettings indexSettings, SettingsFilter filter,
        IndexNameExpressionResolver resolver, Supplier<DiscoveryNodes> nodes,
        Predicate<NodeFeature> features) {
        return List.of(new Handler());
    }

    private static final class Handler extends BaseRestHandler {
        @Override
        public String getName() { return "root_answer"; }

        @Override
        public List<Route> routes() {
            return List.of(new Route(RestRequest.Method.GET, "/"),
                           new Route(RestRequest.Method.HEAD, "/"));
        }

        @Override
        protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
            return channel -> channel.sendResponse(new RestResponse(RestStatus.OK,
                "application/json",
                "{\"name\":\"n1\",\"cluster_name\":\"engines\",\"cluster_uuid\":\"_na_\","
                + "\"version\":{\"number\":\"" + Build.current().version() + "\"},"
                + "\"tagline\":\"You Know, for Search\"}"));
        }
    }
}
)";

void run(const Command& command) {
    const Finished finished = run_command(command, std::chrono::minutes(2));
    if (finished.status.code != 0) {
        throw EngineUnavailable(fmt::format("the plug-in for GET /: {} failed:\n{}{}",
                                            command.argv.front(),
                                            finished.out,
                                            finished.err));
    }
}

}  // namespace

void add_root_answer(const std::filesystem::path& home,
                     const std::filesystem::path& java,
                     const std::string& version) {
    const auto module = home / "modules" / "root-answer";
    const auto work = home / "root-answer-work";
    std::filesystem::create_directories(module);
    std::filesystem::create_directories(work / "caretaker");
    std::filesystem::create_directories(work / "classes");
    std::ofstream(work / "caretaker" / "RootAnswer.java") << source;
    if (!std::filesystem::exists(java / "bin" / "javac")) {
        throw EngineUnavailable(fmt::format("{} has no compiler", java.string()));
    }
    Command compile;
    compile.argv = {(java / "bin" / "javac").string(),
                    "--release",
                    "21",
                    "-cp",
                    (home / "lib" / "*").string(),
                    "-d",
                    (work / "classes").string(),
                    (work / "caretaker" / "RootAnswer.java").string()};
    run(compile);
    Command pack;
    pack.argv = {(java / "bin" / "jar").string(),
                 "--create",
                 "--file",
                 (module / "root-answer.jar").string(),
                 "-C",
                 (work / "classes").string(),
                 "."};
    run(pack);
    std::ofstream(module / "plugin-descriptor.properties") << fmt::format(
        "name=root-answer\ndescription=answers GET /\nversion={0}\nelasticsearch.version={0}\n"
        "java.version=21\nclassname=caretaker.RootAnswer\n",
        version);
    std::filesystem::remove_all(work);
}

}  // namespace caretaker::testing
