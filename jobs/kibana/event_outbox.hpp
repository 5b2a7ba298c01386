// SPDX-License-Identifier: Apache-2.0
// Events on their way: kept in the store until every webhook has taken them.
#pragma once

#include "jobs/kibana/kibana_event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class HttpClient;
class JobMemory;

/// An event that is not yet delivered everywhere.
struct WaitingEvent {
    std::string id{};
    std::string app{};
    std::string kind{};
    std::optional<WallTime> idle_since{};  // of the idle spell that it is about
    std::int64_t tries = 0;
    WallTime next_try{};
    std::vector<std::string> taken_by{};  // addresses
    std::string body{};                   // as it is sent
};

std::string encode_waiting_event(const WaitingEvent& event);

/// Throws JsonError for a text that was not written by encode_waiting_event().
WaitingEvent decode_waiting_event(std::string_view text);

/// After five tries an event is tried once a day.
WallTime next_try_after(std::int64_t tries, WallTime now);

/// Those that are due, in the order of time; of an app whose first event is not due, none.
std::vector<WaitingEvent> due_events(std::vector<WaitingEvent> waiting, WallTime now);

/// Each event is delivered at least once, those of one app in their order. Throws StoreError.
class EventOutbox {
 public:
    /// Without webhooks all events count as delivered; with a secret they are signed.
    EventOutbox(JobMemory& memory,
                HttpClient& http,
                std::vector<std::string> webhooks,
                std::string secret = {});

    /// What waits, in the order of time.
    [[nodiscard]] std::vector<WaitingEvent> waiting();

    /// Forgets events that are not to be sent any more.
    void drop(const std::vector<WaitingEvent>& events);

    /// Keeps the event, and sends it unless an earlier one of the app waits. Whether it is
    /// delivered; `trouble` says why not. Throws Interrupted.
    bool post(const KibanaEvent& event, std::string& trouble);

    /// Sends one that waits.
    bool deliver(WaitingEvent event, WallTime now, std::string& trouble);

 private:
    /// Why the webhook did not take it; empty: it did.
    std::string send(const std::string& url, const std::string& body);

    JobMemory& memory_;
    HttpClient& http_;
    std::vector<std::string> webhooks_;
    std::string secret_;
};

}  // namespace caretaker
