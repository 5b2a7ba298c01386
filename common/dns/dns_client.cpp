// SPDX-License-Identifier: Apache-2.0
#include "common/dns/dns_client.hpp"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace caretaker {

namespace {

constexpr std::size_t largest_message = 65'535;  // over TCP, a length of 16 bits goes before it

/// The resolver's state of one question, so that no other thread's is touched.
class ResolverState {
 public:
    ResolverState() : usable_(::res_ninit(&state_) == 0) {}

    ~ResolverState() {
        if (usable_) {
            ::res_nclose(&state_);
        }
    }

    ResolverState(const ResolverState&) = delete;
    ResolverState& operator=(const ResolverState&) = delete;

    explicit operator bool() const { return usable_; }

    res_state get() { return &state_; }

    void limit_patience() {
        state_.retrans = 1;  // seconds
        state_.retry = 2;
    }

    /// Asks no other server. IPv6 addresses stand in a list of their own, which res_nclose() hands
    /// to free().
    void use_server(const SocketAddress& server) {
        // NOLINTBEGIN(cppcoreguidelines-no-malloc, cppcoreguidelines-owning-memory): libc owns them
        for (sockaddr_in6*& address : state_._u._ext.nsaddrs) {
            std::free(address);
            address = nullptr;
        }
        state_.nscount = 1;
        state_.nsaddr_list[0] = {};
        if (server.family() == AF_INET) {
            std::memcpy(&state_.nsaddr_list[0], &server.storage, sizeof(sockaddr_in));
        } else if (void* address = std::malloc(sizeof(sockaddr_in6)); address != nullptr) {
            std::memcpy(address, &server.storage, sizeof(sockaddr_in6));
            state_._u._ext.nsaddrs[0] = static_cast<sockaddr_in6*>(address);
        }
        // NOLINTEND(cppcoreguidelines-no-malloc, cppcoreguidelines-owning-memory)
    }

 private:
    struct __res_state state_ {};

    bool usable_;
};

int number_of(DnsType type) {
    switch (type) {
        case DnsType::a:
            return ns_t_a;
        case DnsType::aaaa:
            return ns_t_aaaa;
        case DnsType::srv:
            break;
    }
    return ns_t_srv;
}

DnsStatus status_of(int error) {
    switch (error) {
        case HOST_NOT_FOUND:
            return DnsStatus::no_such_name;
        case NO_DATA:
            return DnsStatus::no_data;
        default:
            return DnsStatus::failed;
    }
}

}  // namespace

DnsAnswer query_dns(const std::string& name,
                    DnsType type,
                    const std::optional<SocketAddress>& server) {
    ResolverState state;
    if (!state) {
        return {.status = DnsStatus::failed};
    }
    state.limit_patience();
    if (server) {
        state.use_server(*server);
    }
    std::vector<unsigned char> buffer(largest_message);
    const int length = ::res_nquery(state.get(),
                                    name.c_str(),
                                    ns_c_in,
                                    number_of(type),
                                    buffer.data(),
                                    static_cast<int>(buffer.size()));
    if (length < 0) {
        return {.status = status_of(state.get()->res_h_errno)};
    }
    const auto kept = std::min(static_cast<std::size_t>(length), buffer.size());
    return parse_dns_answer(std::span(buffer).first(kept));
}

DnsQuery dns_query(std::optional<SocketAddress> server) {
    return
        [server](const std::string& name, DnsType type) { return query_dns(name, type, server); };
}

}  // namespace caretaker
