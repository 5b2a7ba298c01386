// SPDX-License-Identifier: Apache-2.0
// The sandbox's Kafka: command line and control commands for the fake cluster.
#include "common/base/error.hpp"
#include "tests/sandbox/fake_kafka_cluster.hpp"
#include "tests/sandbox/sandbox_part.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <vector>

namespace caretaker::sandbox {

namespace {

template <typename Number>
std::optional<Number> parse_whole(std::string_view text) {
    Number number{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size() || number < 0) {
        return std::nullopt;
    }
    return number;
}

class KafkaPart final : public SandboxPart {
 public:
    [[nodiscard]] std::string_view name() const override { return "kafka"; }

    std::string_view describe(CLI::App& app) override {
        app.add_option("--brokers", brokers_, "Kafka brokers")
            ->check(CLI::Range(1, 100))
            ->capture_default_str();
        app.add_option("--kafka-grid",
                       grid_,
                       "A regular cluster in place of the demo: TOPICSxPARTITIONS:GROUPSxCOMMITS");
        app.add_option("--kafka-sasl", sasl_, "Demand SASL/PLAIN: USER:PASSWORD");
        // One value a time, because a comma belongs to the fault.
        app.add_option("--fault", faults_, "A fault of Kafka, repeatable; see FAULTS OF KAFKA")
            ->allow_extra_args(false);
        return kafka_fault_help();
    }

    void start(const SandboxOptions& options) override {
        auto scenario =
            grid_.empty() ? make_demo_scenario(options.seed) : parse_grid_scenario(grid_);
        if (!sasl_.empty()) {
            const auto colon = sasl_.find(':');
            if (colon == std::string::npos) {
                throw UsageError("reading --kafka-sasl: write USER:PASSWORD");
            }
            scenario.sasl = FakeSasl{sasl_.substr(0, colon), sasl_.substr(colon + 1)};
        }
        std::vector<KafkaFault> faults;
        for (const auto& spec : faults_) {
            faults.push_back(parse_kafka_fault(spec));
        }
        cluster_ = std::make_unique<FakeKafkaCluster>(std::move(scenario), brokers_);
        for (const auto& fault : faults) {
            cluster_->set_fault(fault);
        }
    }

    void write_addresses(JsonWriter& json) const override {
        json.StartObject();
        json.Key("bootstrap_servers");
        json.String(cluster_->bootstrap_servers().c_str());
        json.EndObject();
    }

    void write_counts(JsonWriter& json) const override {
        json.StartObject();
        json.Key("requests");
        json.StartArray();
        for (const auto& row : cluster_->request_counts()) {
            json.StartObject();
            json.Key("broker");
            json.Int(row.broker);
            json.Key("api");
            json.String(std::string(format_kafka_api(row.api)).c_str());
            json.Key("version");
            json.Int(row.version);
            json.Key("requests");
            json.Uint64(row.requests);
            json.EndObject();
        }
        json.EndArray();
        json.Key("bad_requests");
        json.Uint64(cluster_->bad_requests());
        json.EndObject();
    }

    void advance(std::chrono::seconds duration) override { cluster_->advance(duration); }

    std::optional<std::string> command(std::string_view line) override {
        if (const auto spec = match_command(line, "fault")) {
            cluster_->set_fault(*spec);
            return "ok";
        }
        if (match_command(line, "faults")) {
            return format_faults();
        }
        if (match_command(line, "clear")) {
            cluster_->clear_faults();
            return "ok";
        }
        if (match_command(line, "reset-counts")) {
            cluster_->reset_request_counts();
            return "ok";
        }
        if (const auto seconds = match_command(line, "advance")) {
            const auto number = parse_whole<std::int32_t>(*seconds);
            if (!number) {
                throw UsageError(fmt::format("advance takes whole seconds, not '{}'", *seconds));
            }
            cluster_->advance(std::chrono::seconds(*number));
            return "ok";
        }
        return std::nullopt;
    }

    [[nodiscard]] std::string_view command_help() const override {
        return "fault SPEC; faults; clear; reset-counts; advance SECONDS";
    }

 private:
    [[nodiscard]] std::string format_faults() const {
        rapidjson::StringBuffer buffer;
        JsonWriter json(buffer);
        json.StartArray();
        for (const auto& fault : cluster_->faults()) {
            json.String(format_kafka_fault(fault).c_str());
        }
        json.EndArray();
        return buffer.GetString();
    }

    int brokers_ = 3;
    std::string grid_;
    std::string sasl_;
    std::vector<std::string> faults_;
    std::unique_ptr<FakeKafkaCluster> cluster_;
};

}  // namespace

std::unique_ptr<SandboxPart> make_kafka_part() {
    return std::make_unique<KafkaPart>();
}

}  // namespace caretaker::sandbox
