// SPDX-License-Identifier: Apache-2.0
// The server's side of HTTP/1.1, as far as tests need it.
#include "tests/support/fake_server.hpp"

#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <optional>
#include <string_view>
#include <system_error>

namespace caretaker {

namespace {

constexpr int tls_handshake = 0x16;  // the first byte of its records

/// One connection; every wait ends when the server does.
class Peer {
 public:
    Peer(const Fd& socket, const StopSignal& stop) : socket_(socket), stop_(stop) {}

    /// The next byte, -1 at the end.
    int peek() { return received_.empty() && !receive() ? -1 : received_.front(); }

    /// Up to and including `end`; nothing when the client is gone or the server ends.
    std::optional<std::string> read_until(std::string_view end) {
        while (received_.find(end) == std::string::npos) {
            if (!receive()) {
                return std::nullopt;
            }
        }
        return take(received_.find(end) + end.size());
    }

    std::optional<std::string> read_bytes(std::size_t count) {
        while (received_.size() < count) {
            if (!receive()) {
                return std::nullopt;
            }
        }
        return take(count);
    }

    bool write(std::string_view text) {
        while (!text.empty() && wait(POLLOUT)) {
            const auto sent =
                ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent < 0 && errno != EAGAIN) {
                return false;
            }
            text.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
        }
        return text.empty();
    }

    void write_slowly(std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (!stop_.wait_for(std::chrono::milliseconds(20)) || !write(text.substr(i, 1))) {
                return;
            }
        }
    }

    void wait_for_the_end() { static_cast<void>(stop_.wait_for(std::chrono::hours(1))); }

    void reset() {
        const linger now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    }

 private:
    bool wait(short events) {
        std::array<pollfd, 2> entries{pollfd{socket_.get(), events, 0},
                                      pollfd{stop_.wait_fd(), POLLIN, 0}};
        ::poll(entries.data(), entries.size(), -1);
        return entries[1].revents == 0;
    }

    bool receive() {
        std::array<char, 4096> buffer{};
        if (!wait(POLLIN)) {
            return false;
        }
        const auto length = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        received_.append(buffer.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
        return length > 0;
    }

    std::string take(std::size_t count) {
        std::string out = received_.substr(0, count);
        received_.erase(0, count);
        return out;
    }

    const Fd& socket_;
    const StopSignal& stop_;
    std::string received_{};
};

HttpMethod parse_method(std::string_view word) {
    for (const auto method : {HttpMethod::head,
                              HttpMethod::post,
                              HttpMethod::put,
                              HttpMethod::patch,
                              HttpMethod::del}) {
        if (to_string(method) == word) {
            return method;
        }
    }
    return HttpMethod::get;
}

HttpRequest parse_head(std::string_view head) {
    const std::size_t first_blank = head.find(' ');
    const std::size_t second_blank = head.find(' ', first_blank + 1);
    HttpRequest request{
        .method = parse_method(head.substr(0, first_blank)),
        .url = std::string(head.substr(first_blank + 1, second_blank - first_blank - 1))};
    std::size_t line = head.find("\r\n") + 2;
    for (std::size_t end = head.find("\r\n", line); end > line; end = head.find("\r\n", line)) {
        const std::string_view text = head.substr(line, end - line);
        const std::size_t colon = text.find(':');
        const std::size_t value = text.find_first_not_of(' ', colon + 1);
        request.headers.push_back(
            {std::string(text.substr(0, colon)),
             value == std::string_view::npos ? "" : std::string(text.substr(value))});
        line = end + 2;
    }
    return request;
}

std::size_t content_length(const HttpRequest& request) {
    std::size_t length = 0;
    for (const HttpHeader& header : request.headers) {
        if (ascii_lower(header.name) == "content-length") {
            std::from_chars(header.value.data(), header.value.data() + header.value.size(), length);
        }
    }
    return length;
}

/// As web servers do, a TLS handshake on a plain port gets a 400.
std::optional<HttpRequest> read_request(Peer& peer) {
    if (peer.peek() == tls_handshake) {
        peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        return std::nullopt;
    }
    const auto head = peer.read_until("\r\n\r\n");
    if (!head) {
        return std::nullopt;
    }
    HttpRequest request = parse_head(*head);
    const auto body = peer.read_bytes(content_length(request));
    if (!body) {
        return std::nullopt;
    }
    request.body = *body;
    return request;
}

std::string format_head(const ServedAnswer& answer) {
    std::string head = fmt::format(
        "HTTP/1.1 {} Status\r\nContent-Length: {}\r\n", answer.status, answer.body.size());
    for (const HttpHeader& header : answer.headers) {
        head += fmt::format("{}: {}\r\n", header.name, header.value);
    }
    return head + "\r\n";
}

/// Whether the connection stays open for the next request.
bool write_answer(Peer& peer, const ServedAnswer& answer, HttpMethod method) {
    switch (answer.conduct) {
        case ServerConduct::proper:
            return peer.write(format_head(answer) +
                              (method == HttpMethod::head ? std::string{} : answer.body));
        case ServerConduct::hang:
            peer.wait_for_the_end();
            break;
        case ServerConduct::half_body:
            peer.write(format_head(answer) + answer.body.substr(0, answer.body.size() / 2));
            break;
        case ServerConduct::drip:
            peer.write(format_head(answer));
            peer.write_slowly(answer.body);
            break;
        case ServerConduct::reset:
            peer.reset();
            break;
        case ServerConduct::close:
            break;
        case ServerConduct::garbage:
            peer.write(answer.body);
            break;
    }
    return false;
}

}  // namespace

FakeServer::FakeServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, length) != 0 || ::listen(listener_.get(), 16) != 0 ||
        ::getsockname(listener_.get(), generic, &length) != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot listen on loopback");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_connections(); });
}

FakeServer::~FakeServer() {
    stop_.request(SIGTERM);
    acceptor_.join();
    for (std::thread& worker : workers_) {
        worker.join();
    }
}

std::string FakeServer::url(const std::string& target) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, target);
}

void FakeServer::answer(const std::string& target, ServedAnswer answer) {
    const std::lock_guard lock(mutex_);
    answers_[target] = std::move(answer);
}

std::vector<HttpRequest> FakeServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void FakeServer::wait_for_requests(std::size_t count) {
    std::unique_lock lock(mutex_);
    recorded_.wait(lock, [&] { return requests_.size() >= count; });
}

std::size_t FakeServer::connections() const {
    const std::lock_guard lock(mutex_);
    return workers_.size();
}

void FakeServer::accept_connections() {
    while (true) {
        std::array<pollfd, 2> entries{pollfd{listener_.get(), POLLIN, 0},
                                      pollfd{stop_.wait_fd(), POLLIN, 0}};
        ::poll(entries.data(), entries.size(), -1);
        if (entries[1].revents != 0) {
            return;
        }
        Fd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (connection) {
            const std::lock_guard lock(mutex_);
            workers_.emplace_back(
                [this, socket = std::move(connection)]() mutable { serve(Fd(std::move(socket))); });
        }
    }
}

void FakeServer::serve(const Fd& connection) {
    Peer peer(connection, stop_);
    while (auto request = read_request(peer)) {
        const HttpMethod method = request->method;
        if (!write_answer(peer, record(std::move(*request)), method)) {
            return;
        }
    }
}

ServedAnswer FakeServer::record(HttpRequest request) {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(request.url);
    ServedAnswer answer = found == answers_.end()
                              ? ServedAnswer{.status = 404, .body = "no such target"}
                              : found->second;
    requests_.push_back(std::move(request));
    recorded_.notify_all();
    return answer;
}

}  // namespace caretaker
