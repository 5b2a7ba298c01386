// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 server on loopback that misbehaves on demand.
#pragma once

#include "common/base/fd.hpp"
#include "common/base/stop_signal.hpp"
#include "common/http/http.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace caretaker {

/// What the server does once it has read a request.
enum class ServerConduct {
    proper,     // answers as HTTP says
    hold,       // answers properly, but only once the test calls release()
    chunked,    // answers properly, in chunks of a few bytes
    hang,       // never answers
    half_body,  // sends half of the body and closes
    stall,      // sends half of the body and then nothing more
    drip,       // announces the whole body and sends a byte of it every 20 ms
    reset,      // resets the connection instead of answering
    close,      // closes the connection instead of answering
    garbage,    // sends the body alone, without status line and headers
};

class ServedStream;

struct ServedAnswer {
    int status = 200;
    std::vector<HttpHeader> headers{};
    std::string body{};
    ServerConduct conduct = ServerConduct::proper;
    std::size_t repeat = 1;  // how often the body is sent, for bodies too large to keep

    /// Makes the body while it is sent, in chunks, instead of `body`. Called in the connection's
    /// thread; where half of it is to be sent, twice.
    std::function<void(ServedStream&)> stream{};

    std::chrono::milliseconds delay{0};  // before the answer
};

/// Serves until it is destroyed, each connection in a thread of its own.
class FakeServer {
 public:
    /// Listens on 127.0.0.1 or another address of 127.0.0.0/8; port 0 is the kernel's choice.
    /// Throws std::system_error for a port that is taken.
    explicit FakeServer(std::uint16_t port = 0, const std::string& address = "127.0.0.1");

    /// Listens on a unix socket.
    explicit FakeServer(const std::string& unix_path);

    ~FakeServer();
    FakeServer(const FakeServer&) = delete;
    FakeServer& operator=(const FakeServer&) = delete;

    /// "http://<address>:<port>" and `target`.
    [[nodiscard]] std::string url(const std::string& target) const;

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// What `target`, a path with its query, gets from now on. Others get a 404.
    void answer(const std::string& target, ServedAnswer answer);

    /// The same, one answer after the other; the last one again and again.
    void answer_in_turn(const std::string& target, std::vector<ServedAnswer> answers);

    /// Answers to all requests come from `handler` from now on. It is called under no lock, by
    /// several threads at a time.
    void answer_by(std::function<ServedAnswer(const HttpRequest&)> handler);

    /// Lets held answers go, now and later.
    void release();

    /// Waits until `count` answers are held at the same time.
    void wait_for_held(std::size_t count);

    /// Requests read completely so far; their URLs are targets.
    [[nodiscard]] std::vector<HttpRequest> requests() const;

    /// Waits until `count` requests were read.
    void wait_for_requests(std::size_t count);

    /// Connections accepted so far.
    [[nodiscard]] std::size_t connections() const;

 private:
    struct Worker {
        std::thread thread{};
        bool done = false;
    };

    void accept_connections();
    void serve(const Fd& connection);
    void join_done_workers();
    void wait_for_release();
    ServedAnswer record(HttpRequest request);

    Fd listener_{};
    std::string address_{"127.0.0.1"};
    std::uint16_t port_ = 0;
    StopSignal stop_{};
    mutable std::mutex mutex_{};
    std::condition_variable recorded_{};
    std::map<std::string, std::deque<ServedAnswer>> answers_{};
    std::function<ServedAnswer(const HttpRequest&)> handler_{};
    bool released_ = false;
    std::size_t held_ = 0;
    std::vector<HttpRequest> requests_{};
    std::list<Worker> workers_{};
    std::size_t connections_ = 0;
    std::thread acceptor_{};
};

}  // namespace caretaker
