// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/cleanup_docker_fixture.hpp"

#include "tests/engines/engine_cache.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace caretaker::testing {

namespace {

std::unique_ptr<DockerDaemon>& daemon() {
    static std::unique_ptr<DockerDaemon> one;
    return one;
}

}  // namespace

void CleanupDockerFixture::TearDownTestSuite() {
    daemon().reset();
}

void CleanupDockerFixture::SetUp() {
    try {
        if (!daemon()) {
            daemon() = std::make_unique<DockerDaemon>();
        }
        daemon()->clear();
    } catch (const EngineUnsupported& reason) {  // installing something would be of no help
        GTEST_SKIP() << "ENGINE NOT TESTED: " << reason.what();
    } catch (const EngineUnavailable& reason) {  // the one place that decides: fail or skip
        report_unavailable(reason);
    }
}

DockerDaemon& CleanupDockerFixture::engine() {
    return *daemon();
}

CaretakerRun CleanupDockerFixture::clean(const std::string& keys,
                                         std::vector<std::string> options) {
    home_.configure(
        fmt::format("targets: {{t: {{docker: {{urls: ['unix://{}']}}}}}}\n"
                    "cleanup: {{docker: {{{}}}}}\n",
                    engine().socket(),
                    keys));
    options.insert(options.begin(), "cleanup");
    options.emplace_back("--no-statsd");
    return home_.run(std::move(options));
}

void CleanupDockerFixture::age_container(const std::string& name,
                                         std::int64_t made,
                                         std::int64_t ended) {
    const auto details =
        engine().request(HttpMethod::get, fmt::format("/containers/{}/json", name));
    const std::string file =
        fmt::format("{}/containers/{}/config.v2.json", engine().data(), json_text(details, "Id"));
    engine().restart([&] {
        edit_json_text(file, "Created", docker_time_ago(made));
        edit_json_text(file, "FinishedAt", docker_time_ago(ended));
    });
}

}  // namespace caretaker::testing
