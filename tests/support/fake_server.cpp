// SPDX-License-Identifier: Apache-2.0
// The server's side of HTTP/1.1, as far as tests need it.
#include "tests/support/fake_server.hpp"

#include "common/text/ascii.hpp"
#include "tests/support/fake_peer.hpp"
#include "tests/support/served_stream.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

namespace caretaker {

namespace {

constexpr int tls_handshake = 0x16;  // the first byte of its records

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

std::optional<std::string> read_body(FakePeer& peer, const HttpRequest& request) {
    if (find_header(request.headers, "Transfer-Encoding") == "chunked") {
        return peer.read_chunks();
    }
    std::size_t length = 0;
    const std::string_view text = find_header(request.headers, "Content-Length");
    std::from_chars(text.data(), text.data() + text.size(), length);
    return peer.read_bytes(length);
}

/// As web servers do, a TLS handshake on a plain port gets a 400.
std::optional<HttpRequest> read_request(FakePeer& peer) {
    if (peer.peek() == tls_handshake) {
        peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        return std::nullopt;
    }
    const auto head = peer.read_until("\r\n\r\n");
    if (!head) {
        return std::nullopt;
    }
    HttpRequest request = parse_head(*head);
    const auto body = read_body(peer, request);
    if (!body) {
        return std::nullopt;
    }
    request.body = *body;
    return request;
}

std::string format_head(const ServedAnswer& answer) {
    std::string head = fmt::format("HTTP/1.1 {} Status\r\n", answer.status);
    head += answer.conduct == ServerConduct::chunked || answer.stream
                ? "Transfer-Encoding: chunked\r\n"
                : fmt::format("Content-Length: {}\r\n", answer.body.size() * answer.repeat);
    for (const HttpHeader& header : answer.headers) {
        head += fmt::format("{}: {}\r\n", header.name, header.value);
    }
    return head + "\r\n";
}

bool write_whole(FakePeer& peer, const ServedAnswer& answer) {
    for (std::size_t i = 0; i < answer.repeat; ++i) {
        if (!peer.write(answer.body)) {
            return false;
        }
    }
    return true;
}

/// Borders of chunks have nothing to do with what is in them: each holds 7 bytes.
bool write_chunks(FakePeer& peer, std::string_view body) {
    std::string text;
    while (!body.empty()) {
        const std::string_view chunk = body.substr(0, 7);
        text += fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk);
        body.remove_prefix(chunk.size());
    }
    return peer.write(text + "0\r\n\r\n");
}

/// Whether the connection stays open for the next request.
bool write_streamed(FakePeer& peer, const ServedAnswer& answer) {
    const bool is_cut =
        answer.conduct == ServerConduct::half_body || answer.conduct == ServerConduct::stall;
    std::optional<std::size_t> limit;
    if (is_cut) {
        ServedStream counted;
        answer.stream(counted);
        limit = counted.bytes() / 2;
    }
    if (!peer.write(format_head(answer))) {
        return false;
    }
    ServedStream stream(peer, limit);
    answer.stream(stream);
    if (answer.conduct == ServerConduct::stall) {
        peer.wait_for_the_end();
    }
    return !is_cut && stream.is_open() && peer.write("0\r\n\r\n");
}

/// The same answer, its body made at once.
ServedAnswer collect(ServedAnswer answer) {
    ServedStream stream(answer.body);
    answer.stream(stream);
    answer.stream = nullptr;
    return answer;
}

/// Whether the connection stays open for the next request.
bool write_answer(FakePeer& peer, const ServedAnswer& answer, HttpMethod method) {
    if (answer.stream) {
        switch (answer.conduct) {
            case ServerConduct::drip:
            case ServerConduct::garbage:
                return write_answer(peer, collect(answer), method);
            case ServerConduct::hang:
            case ServerConduct::reset:
            case ServerConduct::close:
                break;
            default:
                if (method != HttpMethod::head) {
                    return write_streamed(peer, answer);
                }
        }
    }
    const std::string_view half = std::string_view(answer.body).substr(0, answer.body.size() / 2);
    switch (answer.conduct) {
        case ServerConduct::proper:
        case ServerConduct::hold:
            return peer.write(format_head(answer)) &&
                   (method == HttpMethod::head || write_whole(peer, answer));
        case ServerConduct::chunked:
            return peer.write(format_head(answer)) && write_chunks(peer, answer.body);
        case ServerConduct::hang:
            peer.wait_for_the_end();
            break;
        case ServerConduct::half_body:
            peer.write(format_head(answer));
            peer.write(half);
            break;
        case ServerConduct::stall:
            peer.write(format_head(answer));
            peer.write(half);
            peer.wait_for_the_end();
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

/// Throws where `done` is not 0.
void check_call(int done) {
    if (done != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot listen");
    }
}

}  // namespace

FakeServer::FakeServer(std::uint16_t port, const std::string& host)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), address_(host) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = ::inet_addr(host.c_str());
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    // As servers do that come back where they were; two that listen still exclude each other.
    const int yes = 1;
    check_call(::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)));
    check_call(::bind(listener_.get(), generic, length));
    check_call(::listen(listener_.get(), 64));
    check_call(::getsockname(listener_.get(), generic, &length));
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_connections(); });
}

FakeServer::FakeServer(const std::string& unix_path)
    : listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    unix_path.copy(&address.sun_path[0], sizeof(address.sun_path) - 1);
    check_call(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)));
    check_call(::listen(listener_.get(), 64));
    acceptor_ = std::thread([this] { accept_connections(); });
}

FakeServer::~FakeServer() {
    stop_.request(SIGTERM);
    release();
    acceptor_.join();
    for (Worker& worker : workers_) {
        worker.thread.join();
    }
}

std::string FakeServer::url(const std::string& target) const {
    return fmt::format("http://{}:{}{}", address_, port_, target);
}

void FakeServer::answer(const std::string& target, ServedAnswer answer) {
    const std::lock_guard lock(mutex_);
    answers_[target] = {std::move(answer)};
}

void FakeServer::answer_in_turn(const std::string& target, std::vector<ServedAnswer> answers) {
    const std::lock_guard lock(mutex_);
    answers_[target].assign(answers.begin(), answers.end());
}

void FakeServer::release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    recorded_.notify_all();
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
    return connections_;
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
            // Answers go out in pieces, each of which would wait 40 ms for the one before. Not to
            // be had, and not needed, on unix sockets.
            const int yes = 1;
            ::setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
            join_done_workers();
            const std::lock_guard lock(mutex_);
            ++connections_;
            Worker& worker = workers_.emplace_back();
            worker.thread = std::thread([this, &worker, socket = std::move(connection)]() mutable {
                serve(Fd(std::move(socket)));
                const std::lock_guard done(mutex_);
                worker.done = true;
            });
        }
    }
}

void FakeServer::join_done_workers() {
    std::list<Worker> done;
    {
        const std::lock_guard lock(mutex_);
        for (auto worker = workers_.begin(); worker != workers_.end();) {
            const auto next = std::next(worker);
            if (worker->done) {
                done.splice(done.end(), workers_, worker);
            }
            worker = next;
        }
    }
    for (Worker& worker : done) {
        worker.thread.join();
    }
}

void FakeServer::serve(const Fd& connection) {
    FakePeer peer(connection, stop_);
    while (auto request = read_request(peer)) {
        const HttpMethod method = request->method;
        const ServedAnswer answer = record(std::move(*request));
        if (answer.conduct == ServerConduct::hold) {
            wait_for_release();
        }
        if (answer.delay.count() > 0 && !stop_.wait_for(answer.delay)) {
            return;
        }
        if (!write_answer(peer, answer, method)) {
            return;
        }
    }
}

void FakeServer::wait_for_release() {
    std::unique_lock lock(mutex_);
    ++held_;
    recorded_.notify_all();
    recorded_.wait(lock, [&] { return released_; });
    --held_;
}

void FakeServer::wait_for_held(std::size_t count) {
    std::unique_lock lock(mutex_);
    recorded_.wait(lock, [&] { return held_ >= count; });
}

void FakeServer::answer_by(std::function<ServedAnswer(const HttpRequest&)> handler) {
    const std::lock_guard lock(mutex_);
    handler_ = std::move(handler);
}

ServedAnswer FakeServer::record(HttpRequest request) {
    std::unique_lock lock(mutex_);
    ServedAnswer answer{.status = 404, .body = "no such target"};
    if (handler_) {
        const auto handler = handler_;
        lock.unlock();
        answer = handler(request);
        lock.lock();
    } else if (const auto found = answers_.find(request.url); found != answers_.end()) {
        answer = found->second.front();
        if (found->second.size() > 1) {
            found->second.pop_front();
        }
    }
    requests_.push_back(std::move(request));
    recorded_.notify_all();
    return answer;
}

}  // namespace caretaker
