// SPDX-License-Identifier: Apache-2.0
// A small DNS server on loopback, UDP and TCP, that speaks RFC 1035 and RFC 2782 and fails on
// demand.
#pragma once

#include "common/base/fd.hpp"
#include "common/base/stop_signal.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace caretaker {

enum class DnsConduct {
    proper,      // UDP answers of more than 512 bytes go out empty with the TC bit
    silent,      // reads questions and never answers
    failing,     // SERVFAIL
    broken,      // a record whose length points beyond the message
    other_host,  // answers a question nobody asked
};

struct DnsQuestion {
    std::string name{};
    std::uint16_t type = 0;
    bool over_tcp = false;
};

/// Knows the names that it was told; all others do not exist.
class DnsServer {
 public:
    /// `host`: "127.0.0.1" or "::1".
    explicit DnsServer(const std::string& host = "127.0.0.1");
    ~DnsServer();
    DnsServer(const DnsServer&) = delete;
    DnsServer& operator=(const DnsServer&) = delete;

    /// "127.0.0.1:PORT" or "[::1]:PORT"
    [[nodiscard]] std::string address() const;

    void set_conduct(DnsConduct conduct);

    /// An A record, or AAAA for an address with a colon.
    void add_host(const std::string& name, const std::string& address);
    void add_alias(const std::string& name, const std::string& target);
    void add_service(const std::string& name,
                     std::uint16_t priority,
                     std::uint16_t port,
                     const std::string& target);

    /// Answers to SRV questions carry the addresses of their targets from now on.
    void send_extra_hosts();

    [[nodiscard]] std::vector<DnsQuestion> questions() const;

 private:
    struct Record {
        std::string name{};
        std::uint16_t type = 0;
        std::string data{};    // as on the wire
        std::string target{};  // of SRV and CNAME
    };

    void serve();
    void serve_datagram();
    void serve_connection();
    std::string answer(const std::string& question, bool over_tcp);
    std::string compose(const std::string& question, const DnsQuestion& asked, bool over_tcp) const;
    [[nodiscard]] std::vector<const Record*> find(const DnsQuestion& asked) const;
    [[nodiscard]] std::vector<const Record*> find_extra(
        const std::vector<const Record*>& records) const;
    [[nodiscard]] bool has_name(const std::string& name) const;

    std::string host_;
    std::uint16_t port_ = 0;
    Fd udp_{};
    Fd tcp_{};
    StopSignal stop_{};
    mutable std::mutex mutex_{};
    DnsConduct conduct_ = DnsConduct::proper;
    bool extra_hosts_ = false;
    std::vector<Record> records_{};
    std::vector<DnsQuestion> questions_{};
    std::thread thread_{};
};

}  // namespace caretaker
