// SPDX-License-Identifier: Apache-2.0
// A TCP server for framed requests on several ports: one thread, one poll loop.
#include "tests/sandbox/framed_tcp_server.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <limits>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace caretaker::sandbox {

namespace {

using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t length_size = 4;
constexpr std::size_t longest_line = 65536;
constexpr std::size_t largest_request = std::size_t{100} << 20U;  // as brokers have it

class Connection {
 public:
    Connection(Fd socket, std::size_t port, Framing framing, FramedSession session)
        : socket_(std::move(socket)),
          port_(port),
          framing_(framing),
          session_(std::move(session)) {}

    [[nodiscard]] int fd() const { return socket_.get(); }

    [[nodiscard]] std::size_t port() const { return port_; }

    [[nodiscard]] bool ended() const { return ended_; }

    [[nodiscard]] bool has_output() const { return sent_ < output_.size(); }

    /// When the answer held back is due.
    [[nodiscard]] std::optional<Time> due() const {
        return held_back_ ? std::optional(held_until_) : std::nullopt;
    }

    void receive() {
        char chunk[65536];
        for (;;) {
            const auto got = recv(fd(), chunk, sizeof chunk, 0);
            if (got > 0) {
                input_.append(chunk, static_cast<std::size_t>(got));
                if (static_cast<std::size_t>(got) < sizeof chunk) {
                    return;
                }
            } else if (got < 0 && errno == EINTR) {
                continue;
            } else {
                ended_ = got == 0 || errno != EAGAIN;
                return;
            }
        }
    }

    /// Answers what can be answered by now.
    void proceed(Time now) {
        if (held_back_ && now >= held_until_) {
            queue(*std::exchange(held_back_, std::nullopt));
        }
        while (!held_back_ && !closing_ && !ended_) {
            const auto request = next_request();
            if (!request) {
                break;
            }
            auto reply = session_(*request);
            if (reply.delay.count() > 0) {
                held_until_ = now + reply.delay;
                held_back_ = std::move(reply);
            } else {
                queue(std::move(reply));
            }
        }
        input_.erase(0, std::exchange(input_at_, 0));
        send_output();
    }

 private:
    // The next complete request, after which input_at_ stands behind it.
    std::optional<std::string_view> next_request() {
        const auto rest = std::string_view(input_).substr(input_at_);
        return framing_ == Framing::lines ? next_line(rest) : next_prefixed(rest);
    }

    std::optional<std::string_view> next_line(std::string_view rest) {
        const auto end = rest.find('\n');
        if (end == std::string_view::npos) {
            ended_ = ended_ || rest.size() > longest_line;
            return std::nullopt;
        }
        input_at_ += end + 1;
        const auto line = rest.substr(0, end);
        return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
    }

    std::optional<std::string_view> next_prefixed(std::string_view rest) {
        if (rest.size() < length_size) {
            return std::nullopt;
        }
        std::size_t length = 0;
        for (std::size_t i = 0; i < length_size; ++i) {
            length = (length << 8U) | static_cast<unsigned char>(rest[i]);
        }
        if (length > largest_request) {
            ended_ = true;
            return std::nullopt;
        }
        if (rest.size() < length_size + length) {
            return std::nullopt;
        }
        input_at_ += length_size + length;
        return rest.substr(length_size, length);
    }

    void queue(FramedReply reply) {
        if (output_.empty()) {
            output_ = std::move(reply.bytes);
        } else {
            output_ += reply.bytes;
        }
        closing_ = closing_ || reply.close;
    }

    void send_output() {
        while (has_output()) {
            const auto rest = std::string_view(output_).substr(sent_);
            const auto put = send(fd(), rest.data(), rest.size(), MSG_NOSIGNAL);
            if (put >= 0) {
                sent_ += static_cast<std::size_t>(put);
            } else if (errno != EINTR) {
                ended_ = ended_ || errno != EAGAIN;
                return;
            }
        }
        output_.clear();
        sent_ = 0;
        ended_ = ended_ || closing_;
    }

    Fd socket_;
    std::size_t port_;
    Framing framing_;
    FramedSession session_;
    std::string input_;
    std::size_t input_at_ = 0;
    std::string output_;
    std::size_t sent_ = 0;
    std::optional<FramedReply> held_back_;
    Time held_until_{};
    bool closing_ = false;
    bool ended_ = false;
};

}  // namespace

class FramedTcpServer::Loop {
 public:
    Loop(std::size_t ports, Framing framing) : ports_(ports), framing_(framing) {
        for (auto& port : ports_) {
            // The first socket never listens: it keeps the number while the port is closed.
            port.keeper = bind_loopback(SOCK_STREAM, 0);
            port.listener = bind_loopback(SOCK_STREAM, local_port(port.keeper));
            listen_on(port.listener);
        }
    }

    ~Loop() {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
        }
        wake_up_.wake();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    [[nodiscard]] std::uint16_t number(std::size_t port) const {
        return local_port(ports_.at(port).keeper);
    }

    void start(std::function<FramedSession(std::size_t)> open_session) {
        open_session_ = std::move(open_session);
        thread_ = std::thread([this] { run(); });
    }

    void set_open(std::size_t port, bool open) {
        std::unique_lock lock(mutex_);
        ports_.at(port).wanted_open = open;
        const auto change = ++changes_;
        wake_up_.wake();
        changed_.wait(lock, [&] { return changes_done_ >= change; });
    }

 private:
    struct Port {
        Fd keeper;
        Fd listener;
        bool wanted_open = true;  // guarded by mutex_
    };

    void run() {
        while (apply_changes()) {
            wait();
            accept_connections();
            serve_connections();
        }
    }

    // False: stop.
    bool apply_changes() {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < ports_.size(); ++i) {
            auto& port = ports_[i];
            if (port.wanted_open && !port.listener) {
                port.listener = bind_loopback(SOCK_STREAM, local_port(port.keeper));
                listen_on(port.listener);
            } else if (!port.wanted_open && port.listener) {
                port.listener.reset();
                connections_.remove_if([i](const auto& each) { return each.port() == i; });
            }
        }
        changes_done_ = changes_;
        changed_.notify_all();
        return !stop_;
    }

    void wait() {
        polled_.clear();
        polled_.push_back({wake_up_.fd(), POLLIN, 0});
        for (const auto& port : ports_) {
            polled_.push_back({port.listener.get(), POLLIN, 0});  // poll passes over -1
        }
        std::optional<Time> due;
        for (const auto& connection : connections_) {
            const auto events = connection.has_output() ? POLLIN | POLLOUT : POLLIN;
            polled_.push_back({connection.fd(), static_cast<short>(events), 0});
            if (connection.due() && (!due || *connection.due() < *due)) {
                due = connection.due();
            }
        }
        poll(polled_.data(), polled_.size(), due ? millis_until(*due) : -1);
        if (polled_[0].revents != 0) {
            wake_up_.clear();
        }
    }

    static int millis_until(Time due) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(due - std::chrono::steady_clock::now());
        return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
    }

    void serve_connections() {
        const auto now = std::chrono::steady_clock::now();
        // Connections accepted a moment ago stand at the end and were not polled.
        auto polled = polled_.begin() + 1 + static_cast<std::ptrdiff_t>(ports_.size());
        for (auto& connection : connections_) {
            if (polled == polled_.end()) {
                break;
            }
            if ((polled->revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
                connection.receive();
            }
            connection.proceed(now);
            ++polled;
        }
        connections_.remove_if([](const auto& each) { return each.ended(); });
    }

    void accept_connections() {
        for (std::size_t i = 0; i < ports_.size(); ++i) {
            if (polled_[1 + i].revents == 0) {
                continue;
            }
            while (auto socket = accept_from(ports_[i].listener)) {
                connections_.emplace_back(std::move(socket), i, framing_, open_session_(i));
            }
        }
    }

    std::vector<Port> ports_;
    Framing framing_;
    std::function<FramedSession(std::size_t)> open_session_;
    std::list<Connection> connections_;
    std::vector<pollfd> polled_;
    WakeUp wake_up_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t changes_ = 0;
    std::uint64_t changes_done_ = 0;
    bool stop_ = false;
    std::thread thread_;
};

FramedTcpServer::FramedTcpServer(std::size_t ports, Framing framing)
    : loop_(std::make_unique<Loop>(ports, framing)) {
    for (std::size_t i = 0; i < ports; ++i) {
        port_numbers_.push_back(loop_->number(i));
    }
}

FramedTcpServer::~FramedTcpServer() = default;

void FramedTcpServer::start(std::function<FramedSession(std::size_t port)> open_session) {
    loop_->start(std::move(open_session));
}

void FramedTcpServer::set_open(std::size_t port, bool open) {
    loop_->set_open(port, open);
}

void FramedTcpServer::stop() {
    loop_.reset();
}

}  // namespace caretaker::sandbox
