// SPDX-License-Identifier: Apache-2.0
// The sandbox's Docker Engine: command line and control commands.
#include "common/base/error.hpp"
#include "tests/sandbox/fake_docker.hpp"
#include "tests/sandbox/sandbox_part.hpp"
#include "tests/support/temp_dir.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>

namespace caretaker::sandbox {

namespace {

class DockerPart final : public SandboxPart {
 public:
    [[nodiscard]] std::string_view name() const override { return "docker"; }

    std::string_view describe(CLI::App& app) override {
        app.add_option("--docker-socket", socket_, "Where Docker listens; else a new place");
        app.add_option("--docker-api", max_api_, "Newest API version of Docker")
            ->capture_default_str();
        app.add_option("--docker-min-api", min_api_, "Oldest API version of Docker")
            ->capture_default_str();
        app.add_option("--docker-running", scenario_.running, "Running containers")
            ->capture_default_str();
        app.add_option("--docker-exited", scenario_.exited, "Exited containers")
            ->capture_default_str();
        app.add_option("--docker-fault",
                       faults_,
                       "A fault of Docker, repeatable; see FAULTS OF HTTP SERVICES")
            ->allow_extra_args(false);
        return {};
    }

    void start(const SandboxOptions& options) override {
        using namespace std::chrono;
        scenario_.seed = options.seed;
        scenario_.now_ms = floor<milliseconds>(system_clock::now()).time_since_epoch().count();
        DockerState state = make_docker_host(scenario_);
        state.max_api = read_version("--docker-api", max_api_);
        state.min_api = read_version("--docker-min-api", min_api_);
        if (state.max_api < state.min_api) {
            throw UsageError("--docker-api: it is older than --docker-min-api");
        }
        if (socket_.empty()) {
            folder_ = std::make_unique<TempDir>();
            socket_ = folder_->file("docker.sock");
        }
        docker_ = std::make_unique<FakeDocker>(std::move(state), socket_);
        docker_->follow_real_time();
        for (const std::string& spec : faults_) {
            docker_->http().set_fault(spec);
        }
    }

    void write_addresses(JsonWriter& json) const override {
        json.StartObject();
        json.Key("socket");
        json.String(docker_->socket().c_str());
        json.Key("host");
        json.String(fmt::format("unix://{}", docker_->socket().string()).c_str());
        json.EndObject();
    }

    void write_counts(JsonWriter& json) const override { docker_->http().write_counts(json); }

    void advance(std::chrono::seconds /*duration*/) override {}

    std::optional<std::string> command(std::string_view line) override {
        if (match_command(line, "docker list")) {
            return docker_->with_state([](const DockerState& state) {
                return fmt::format(
                    "{} containers, {} images, {} volumes, {} networks, {} cache records",
                    state.containers.size(),
                    state.images.size(),
                    state.volumes.size(),
                    state.networks.size(),
                    state.cache.size());
            });
        }
        return docker_->http().command("docker", line);
    }

    [[nodiscard]] std::string_view command_help() const override {
        return "docker list; docker fault SPEC, … as for mesos";
    }

 private:
    static DockerApiVersion read_version(std::string_view option, const std::string& text) {
        const auto version = parse_docker_api_version(text);
        if (!version) {
            throw UsageError(fmt::format("{}: '{}' is no version; write 1.43", option, text));
        }
        return *version;
    }

    std::string socket_;
    std::string max_api_{"1.43"};
    std::string min_api_{"1.12"};
    DockerScenario scenario_{};
    std::vector<std::string> faults_;
    std::unique_ptr<TempDir> folder_;
    std::unique_ptr<FakeDocker> docker_;  // after the folder, so that it goes first
};

}  // namespace

std::unique_ptr<SandboxPart> make_docker_part() {
    return std::make_unique<DockerPart>();
}

}  // namespace caretaker::sandbox
