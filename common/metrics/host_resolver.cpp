// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/host_resolver.hpp"

#include "common/base/handle.hpp"
#include "common/dns/dns_lookup.hpp"
#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <netdb.h>

#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace caretaker {

namespace {

using AddressList = std::unique_ptr<addrinfo, Calls<::freeaddrinfo>>;

struct SystemAnswer {
    int error = 0;  // EAI_…
    AddressList list{};
};

SystemAnswer ask_system(const std::string& host, std::uint16_t port, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_DGRAM;  // one entry per address, not one per protocol
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
    return {.error = error, .list = AddressList(list)};
}

Resolved to_resolved(const std::string& host, const SystemAnswer& answer) {
    if (answer.error != 0) {
        return {.addresses = {},
                .problem = fmt::format("looking up {}: {}", host, ::gai_strerror(answer.error))};
    }
    Resolved out;
    for (const addrinfo* entry = answer.list.get(); entry != nullptr; entry = entry->ai_next) {
        SocketAddress address{.storage = {}, .length = entry->ai_addrlen};
        std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
        out.addresses.push_back(address);
    }
    sort_addresses(out.addresses);
    return out;
}

/// RFC 6761: such names are never a DNS server's business.
bool is_localhost(const std::string& host) {
    const std::string lower = ascii_lower(host);
    return lower == "localhost" || lower.ends_with(".localhost");
}

/// A bare container may lack the line of /etc/hosts that makes localhost known.
Resolved ask_system_for(const std::string& host, std::uint16_t port) {
    const SystemAnswer answer = ask_system(host, port, 0);
    if (answer.error != 0 && is_localhost(host)) {
        return to_resolved(host, ask_system("127.0.0.1", port, AI_NUMERICHOST));
    }
    return to_resolved(host, answer);
}

/// Shared by the thread that looks up and the one that waits, so that either may leave first.
struct Lookup {
    std::function<Resolved()> work{};
    std::mutex mutex{};
    std::condition_variable answered{};
    std::optional<Resolved> found{};

    void run() {
        Resolved result = work();
        const std::lock_guard lock(mutex);
        found = std::move(result);
        answered.notify_all();
    }

    bool wait_for(std::chrono::milliseconds duration) {
        std::unique_lock lock(mutex);
        return answered.wait_for(lock, duration, [this] { return found.has_value(); });
    }
};

}  // namespace

Resolved resolve_in_time(const std::string& name,
                         std::function<Resolved()> look_up,
                         std::chrono::milliseconds limit,
                         SendDeadline& deadline) {
    const auto lookup = std::make_shared<Lookup>();
    lookup->work = std::move(look_up);
    std::thread([lookup] { lookup->run(); }).detach();
    if (!deadline.wait(limit, [&](auto slice) { return lookup->wait_for(slice); })) {
        return {.addresses = {}, .problem = fmt::format("looking up {}: no answer in time", name)};
    }
    const std::lock_guard lock(lookup->mutex);
    return *lookup->found;
}

Resolved resolve_host(const std::string& host,
                      std::uint16_t port,
                      const DnsQuery& dns,
                      std::chrono::milliseconds limit,
                      SendDeadline& deadline) {
    if (const SystemAnswer own = ask_system(host, port, AI_NUMERICHOST); own.error == 0) {
        return to_resolved(host, own);
    }
    if (dns && !is_localhost(host)) {
        return resolve_in_time(
            host, [host, port, dns] { return look_up_host(host, port, dns); }, limit, deadline);
    }
    return resolve_in_time(
        host, [host, port] { return ask_system_for(host, port); }, limit, deadline);
}

}  // namespace caretaker
