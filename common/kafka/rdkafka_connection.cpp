// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_connection.hpp"

#include "common/kafka/bootstrap_servers.hpp"
#include "common/kafka/rdkafka_client.hpp"
#include "common/kafka/sasl_plugins.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

namespace caretaker {

namespace {

using Setting = std::pair<const char*, const char*>;

/// Ours, which the user's properties may change.
constexpr std::array<Setting, 11> defaults = {{
    {"client.id", "caretaker-lag"},
    {"group.id", "caretaker-lag"},
    {"isolation.level", "read_uncommitted"},  // else "end" is the last stable offset
    {"reconnect.backoff.ms", "20"},
    {"reconnect.backoff.max.ms", "1000"},
    {"socket.connection.setup.timeout.ms", "3000"},
    {"api.version.request.timeout.ms", "3000"},
    // Single records are fetched, and no more of them than must be.
    {"auto.offset.reset", "error"},
    {"fetch.message.max.bytes", "65536"},
    {"queued.min.messages", "1"},
    {"queued.max.messages.kbytes", "1024"},
}};

/// Whoever only looks must not commit or create.
constexpr std::array<Setting, 3> fixed = {{
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"allow.auto.create.topics", "false"},
}};

void ignore_log(const rd_kafka_t* /*handle*/,
                int /*level*/,
                const char* /*facility*/,
                const char* /*text*/) {
    // The library logs what the error callback says too, and would print it on stderr.
}

/// Sets it, or says why that cannot be.
std::string set_problem(rd_kafka_conf_t* conf, const std::string& key, const std::string& value) {
    std::array<char, 512> reason{};
    switch (rd_kafka_conf_set(conf, key.c_str(), value.c_str(), reason.data(), reason.size())) {
        case RD_KAFKA_CONF_OK:
            return {};
        case RD_KAFKA_CONF_UNKNOWN:
            return fmt::format("librdkafka {} knows no such property; see caretaker lag properties",
                               rd_kafka_version_str());
        default:
            break;
    }
    // The library quotes the value in its text.
    return is_secret_kafka_property(key) ? "the library refuses its value"
                                         : one_line(reason.data());
}

void set_property(rd_kafka_conf_t* conf, const std::string& key, const std::string& value) {
    if (const std::string problem = set_problem(conf, key, value); !problem.empty()) {
        throw UsageError(fmt::format("Kafka property '{}': {}", one_line(key), problem));
    }
}

constexpr std::string_view no_group_id = "must not be empty; leave it out";

std::string get_property(const rd_kafka_conf_t* conf, const char* key) {
    std::size_t size = 0;  // with the zero at the end
    if (rd_kafka_conf_get(conf, key, nullptr, &size) != RD_KAFKA_CONF_OK || size == 0) {
        return "";
    }
    std::string value(size, '\0');
    rd_kafka_conf_get(conf, key, value.data(), &size);
    value.resize(size - 1);
    return value;
}

/// What the library opens when it connects; of a file that it cannot open it says no name.
constexpr std::array<const char*, 6> file_properties = {"ssl.ca.location",
                                                        "ssl.certificate.location",
                                                        "ssl.key.location",
                                                        "ssl.keystore.location",
                                                        "ssl.crl.location",
                                                        "sasl.kerberos.keytab"};

void check_files(const rd_kafka_conf_t* conf) {
    for (const char* key : file_properties) {
        const std::string path = get_property(conf, key);
        // "probe" is a word of ssl.ca.location: look in the usual places.
        if (!path.empty() && path != "probe" && ::access(path.c_str(), R_OK) != 0) {
            throw UsageError(fmt::format(
                "Kafka property '{}': {} cannot be read: {}; check the path and its permissions",
                key,
                one_line(path),
                std::generic_category().message(errno)));
        }
    }
}

bool logs_in_by_gssapi(const rd_kafka_conf_t* conf) {
    return get_property(conf, "security.protocol").starts_with("sasl") &&
           get_property(conf, "sasl.mechanism") == "GSSAPI";
}

/// What the library refuses only when the handle is made, without saying what to write.
void check_login(const rd_kafka_conf_t* conf) {
    if (!get_property(conf, "security.protocol").starts_with("sasl")) {
        return;
    }
    constexpr std::array<std::string_view, 5> mechanisms = {
        "GSSAPI", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"};
    const std::string mechanism = get_property(conf, "sasl.mechanism");
    if (std::ranges::find(mechanisms, mechanism) == mechanisms.end()) {
        throw UsageError(
            fmt::format("Kafka property 'sasl.mechanism': there is no mechanism '{}'; write one of "
                        "{}",
                        one_line(mechanism),
                        fmt::join(mechanisms, ", ")));
    }
    if (mechanism == "PLAIN" || mechanism.starts_with("SCRAM")) {
        for (const char* key : {"sasl.username", "sasl.password"}) {
            if (get_property(conf, key).empty()) {
                throw UsageError(
                    fmt::format("Kafka property '{0}': sasl.mechanism={1} needs it; write {0}=..., "
                                "in a properties file that only you can read",
                                key,
                                mechanism));
            }
        }
    }
    const bool wants_keytab =
        get_property(conf, "sasl.kerberos.kinit.cmd").find("%{sasl.kerberos.keytab}") !=
        std::string::npos;
    if (mechanism == "GSSAPI" && wants_keytab &&
        get_property(conf, "sasl.kerberos.keytab").empty()) {
        throw UsageError(
            "Kafka property 'sasl.kerberos.keytab': sasl.mechanism=GSSAPI, which is also the "
            "default, needs it; write sasl.kerberos.keytab=FILE and sasl.kerberos.principal=NAME, "
            "or another sasl.mechanism");
    }
}

/// The library wants these three to rise; it adapts those that are not set.
void check_sizes(const rd_kafka_conf_t* conf, std::span<const KafkaProperty> properties) {
    const auto is_set = [&](std::string_view key) {
        return std::ranges::find(properties, key, &KafkaProperty::first) != properties.end();
    };
    const auto bytes = [&](const char* key) {
        return std::strtoll(get_property(conf, key).c_str(), nullptr, 10);
    };
    constexpr long long overhead = 512;
    const long long message = bytes("message.max.bytes");
    const long long fetch = bytes("fetch.max.bytes");
    if (is_set("fetch.max.bytes") && fetch < message) {
        throw UsageError(fmt::format(
            "Kafka property 'fetch.max.bytes': {} is less than message.max.bytes; write at least "
            "{}, or leave it out",
            fetch,
            message));
    }
    const long long receive = bytes("receive.message.max.bytes");
    const long long least = std::max(fetch, message) + overhead;
    if (is_set("receive.message.max.bytes") && receive < least) {
        throw UsageError(fmt::format(
            "Kafka property 'receive.message.max.bytes': {} is too small for fetch.max.bytes; "
            "write at least {}, or leave it out",
            receive,
            least));
    }
}

RdConf make_conf(std::span<const KafkaProperty> properties) {
    RdConf conf(rd_kafka_conf_new());
    for (const auto& [key, value] : defaults) {
        set_property(conf.get(), key, value);
    }
    for (const auto& [key, value] : properties) {
        set_property(conf.get(), key, value);
    }
    for (const auto& [key, value] : fixed) {
        set_property(conf.get(), key, value);
    }
    check_files(conf.get());
    check_login(conf.get());
    check_sizes(conf.get(), properties);
    // Without one the library crashes once a coordinator has moved.
    if (get_property(conf.get(), "group.id").empty()) {
        throw UsageError(fmt::format("Kafka property 'group.id': {}", no_group_id));
    }
    const std::string servers = get_property(conf.get(), "bootstrap.servers");
    if (const std::string problem = bootstrap_servers_problem(servers); !problem.empty()) {
        throw UsageError(fmt::format("Kafka property 'bootstrap.servers': {}", one_line(problem)));
    }
    return conf;
}

}  // namespace

RdKafkaConnection::RdKafkaConnection(std::span<const KafkaProperty> properties,
                                     bool keeps_sasl_plugins) {
    RdConf conf = make_conf(properties);
    if (!keeps_sasl_plugins && !logs_in_by_gssapi(conf.get())) {
        leave_out_sasl_plugins();
    }
    servers_ = get_property(conf.get(), "bootstrap.servers");
    mechanism_ = get_property(conf.get(), "sasl.mechanism");
    rd_kafka_conf_set_log_cb(conf.get(), ignore_log);
    rd_kafka_conf_set_error_cb(conf.get(), on_error);
    rd_kafka_conf_set_opaque(conf.get(), this);
    std::array<char, 512> reason{};
    handle_.reset(rd_kafka_new(RD_KAFKA_CONSUMER, conf.get(), reason.data(), reason.size()));
    if (!handle_) {
        throw UsageError(
            fmt::format("the Kafka properties do not go together: {}", one_line(reason.data())));
    }
    static_cast<void>(conf.release());  // the handle owns it now
}

ConnectionReport RdKafkaConnection::report() {
    while (rd_kafka_poll(handle_.get(), 0) > 0) {
    }
    const std::lock_guard lock(mutex_);
    return report_;
}

RemoteError RdKafkaConnection::error(const std::optional<ConnectionCause>& cause) const {
    return connection_error({.servers = servers_,
                             .mechanism = mechanism_,
                             .cause = cause,
                             .library_version = rd_kafka_version()});
}

void RdKafkaConnection::on_error(rd_kafka_t* /*handle*/,
                                 int code,
                                 const char* reason,
                                 void* self) noexcept {
    try {
        static_cast<RdKafkaConnection*>(self)->record(
            {.code = static_cast<rd_kafka_resp_err_t>(code), .text = one_line(reason)});
    } catch (const std::bad_alloc&) {
        // No exception may pass through the library; without this cause the text is only poorer.
    }
}

void RdKafkaConnection::record(ConnectionCause cause) {
    const std::lock_guard lock(mutex_);
    if (cause.code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        if (!report_.all_down_since) {
            report_.all_down_since = std::chrono::steady_clock::now();
        }
        return;
    }
    if (!report_.denied && is_denied(cause)) {
        report_.denied = cause;
    }
    report_.last = std::move(cause);
}

void check_kafka_properties(std::span<const KafkaProperty> properties) {
    static_cast<void>(make_conf(properties));
}

std::string kafka_property_problem(const std::string& key, const std::string& value) {
    if (key == "group.id" && value.empty()) {
        return std::string(no_group_id);
    }
    if (key == "bootstrap.servers" || key == "metadata.broker.list") {
        return one_line(bootstrap_servers_problem(value));
    }
    const RdConf conf(rd_kafka_conf_new());
    return set_problem(conf.get(), key, value);
}

std::string kafka_library_version() {
    const RdConf conf(rd_kafka_conf_new());
    return fmt::format(
        "librdkafka {} ({})", rd_kafka_version_str(), get_property(conf.get(), "builtin.features"));
}

std::string kafka_property_table() {
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* file = ::open_memstream(&text, &size);
    if (file == nullptr) {
        throw std::bad_alloc();
    }
    rd_kafka_conf_properties_show(file);
    std::fclose(file);  // completes the text
    const std::unique_ptr<char, Calls<std::free>> owned(text);
    return {text, size};
}

}  // namespace caretaker
