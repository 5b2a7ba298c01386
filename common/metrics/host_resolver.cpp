// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/host_resolver.hpp"

#include "common/base/handle.hpp"

#include <fmt/format.h>

#include <netdb.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>

namespace caretaker {

namespace {

using AddressList = std::unique_ptr<addrinfo, Calls<::freeaddrinfo>>;

struct Answer {
    int error = 0;  // EAI_…
    AddressList list{};
};

Answer look_up(const std::string& host, const std::string& port, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_DGRAM;  // one entry per address, not one per protocol
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
    return {.error = error, .list = AddressList(list)};
}

/// Shared by the thread that looks up and the one that waits, so that either may leave first.
struct Lookup {
    std::string host{};
    std::string port{};
    std::mutex mutex{};
    std::condition_variable answered{};
    bool done = false;
    Answer answer{};

    void run() {
        Answer found = look_up(host, port, 0);
        const std::lock_guard lock(mutex);
        answer = std::move(found);
        done = true;
        answered.notify_all();
    }

    bool wait_for(std::chrono::milliseconds duration) {
        std::unique_lock lock(mutex);
        return answered.wait_for(lock, duration, [this] { return done; });
    }
};

std::string_view bytes_of(const SocketAddress& address) {
    return {reinterpret_cast<const char*>(&address.storage), address.length};
}

std::vector<SocketAddress> sorted_addresses(const AddressList& list) {
    std::vector<SocketAddress> out;
    for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
        SocketAddress address{.storage = {}, .length = entry->ai_addrlen};
        std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
        out.push_back(address);
    }
    std::ranges::sort(out, {}, bytes_of);
    const auto is_same = [](const SocketAddress& a, const SocketAddress& b) {
        return bytes_of(a) == bytes_of(b);
    };
    out.erase(std::unique(out.begin(), out.end(), is_same), out.end());
    return out;
}

}  // namespace

Resolved resolve_host(const std::string& host,
                      std::uint16_t port,
                      std::chrono::milliseconds limit,
                      SendDeadline& deadline) {
    const std::string port_text = std::to_string(port);
    if (const Answer own = look_up(host, port_text, AI_NUMERICHOST); own.error == 0) {
        return {.addresses = sorted_addresses(own.list), .problem = {}};
    }
    const auto lookup = std::make_shared<Lookup>();
    lookup->host = host;
    lookup->port = port_text;
    std::thread([lookup] { lookup->run(); }).detach();
    if (!deadline.wait(limit, [&](auto slice) { return lookup->wait_for(slice); })) {
        return {.addresses = {}, .problem = fmt::format("looking up {}: no answer in time", host)};
    }
    const std::lock_guard lock(lookup->mutex);
    if (lookup->answer.error != 0) {
        return {.addresses = {},
                .problem =
                    fmt::format("looking up {}: {}", host, ::gai_strerror(lookup->answer.error))};
    }
    return {.addresses = sorted_addresses(lookup->answer.list), .problem = {}};
}

}  // namespace caretaker
