// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/docker_memory.hpp"

#include "common/store/job_memory.hpp"

#include <fmt/format.h>

#include <charconv>

namespace caretaker {

namespace {

constexpr std::string_view forgotten = "-";

std::optional<DockerTime> parse_time(std::string_view text) {
    std::int64_t time = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, time);
    return failure == std::errc{} && rest == end
               ? std::optional(DockerTime(std::chrono::milliseconds(time)))
               : std::nullopt;
}

}  // namespace

std::string encode_docker_memory(const DockerMemory& memory) {
    const auto number = [](DockerTime time) {
        return std::to_string(time.time_since_epoch().count());
    };
    return fmt::format(
        "{} {}", number(memory.first_seen), memory.last_used ? number(*memory.last_used) : "-");
}

std::optional<DockerMemory> decode_docker_memory(std::string_view text) {
    const std::size_t blank = text.find(' ');
    if (blank == std::string_view::npos) {
        return std::nullopt;
    }
    const auto first = parse_time(text.substr(0, blank));
    const auto last = parse_time(text.substr(blank + 1));
    if (!first || (!last && text.substr(blank + 1) != "-")) {
        return std::nullopt;
    }
    return DockerMemory{.first_seen = *first, .last_used = last};
}

DockerMemories load_docker_memories(JobMemory& memory,
                                    std::string_view kind,
                                    const std::string& host) {
    DockerMemories memories;
    for (const std::string& id : memory.parts(kind, host)) {
        const auto entry = memory.find({.kind = kind, .name = host, .part = id});
        const auto decoded = entry ? decode_docker_memory(entry->body) : std::nullopt;
        if (decoded) {
            memories.emplace(id, *decoded);
        }
    }
    return memories;
}

void save_docker_memories(JobMemory& memory,
                          std::string_view kind,
                          const std::string& host,
                          const DockerMemories& before,
                          const DockerMemories& after,
                          DockerTime now) {
    memory.write([&] {
        for (const auto& [id, one] : after) {
            memory.save({.kind = kind, .name = host, .part = id}, encode_docker_memory(one), now);
        }
        for (const auto& [id, one] : before) {
            if (!after.contains(id)) {
                memory.save({.kind = kind, .name = host, .part = id}, forgotten, now);
            }
        }
    });
}

}  // namespace caretaker
