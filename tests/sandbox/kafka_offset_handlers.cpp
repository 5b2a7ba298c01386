// SPDX-License-Identifier: Apache-2.0
// The answer about committed offsets: OffsetFetch.
#include "tests/sandbox/kafka_handlers.hpp"

#include <algorithm>
#include <optional>

namespace caretaker::sandbox {

namespace {

struct WantedTopic {
    std::string_view name{};
    std::vector<std::int32_t> partitions{};
};

struct OffsetFetch {
    std::string_view group{};
    std::optional<std::vector<WantedTopic>> topics{};  // nullopt: all
    bool require_stable = false;
};

OffsetFetch read_offset_fetch(KafkaRequest& request) {
    auto& in = request.in;
    OffsetFetch fetch;
    fetch.group = in.read_string();
    const auto topics = request.version >= 2 ? in.read_nullable_array_length()
                                             : std::optional(in.read_array_length());
    if (topics) {
        auto& wanted = fetch.topics.emplace();
        wanted.resize(*topics);
        for (auto& topic : wanted) {
            topic.name = in.read_string();
            topic.partitions.resize(in.read_array_length());
            for (auto& partition : topic.partitions) {
                partition = in.read_int32();
            }
            in.skip_tags();
        }
    }
    fetch.require_stable = request.version >= 7 && in.read_bool();
    in.skip_tags();
    return fetch;
}

void write_offset(KafkaRequest& request,
                  std::int32_t partition,
                  std::int64_t offset,
                  std::int16_t error) {
    auto& out = request.out;
    out.write_int32(partition);
    out.write_int64(error == kafka_error::none ? offset : -1);
    if (request.version >= 5) {
        out.write_int32(-1);  // leader epoch of the commit
    }
    out.write_string("");  // metadata
    out.write_int16(error);
    out.write_no_tags();
}

// -1: none.
std::int64_t committed_offset(const FakeCommits* on_topic, std::int32_t partition) {
    if (on_topic == nullptr) {
        return -1;
    }
    const auto& commits = on_topic->commits;
    const auto found = std::ranges::lower_bound(commits, partition, {}, &FakeCommit::partition);
    return found == commits.end() || found->partition != partition ? -1 : found->offset;
}

const FakeCommits* commits_on(const FakeGroup* group, std::string_view topic) {
    if (group == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(group->commits, topic, &FakeCommits::topic);
    return found == group->commits.end() ? nullptr : &*found;
}

class Errors {
 public:
    Errors(KafkaRequest& request, const OffsetFetch& fetch)
        : errors_(request.state, request.api, request.session.broker), fetch_(&fetch) {}

    std::int16_t of_group(KafkaRequest& request) {
        if (const auto error = errors_.of_group(fetch_->group)) {
            return error;
        }
        return request.state.coordinator(fetch_->group) == request.session.broker
                   ? kafka_error::none
                   : kafka_error::not_coordinator;
    }

    std::int16_t of_partition(std::string_view topic, std::int32_t partition) {
        const auto error = errors_.of_partition(fetch_->group, topic, partition);
        return error == kafka_error::unstable_offset_commit && !fetch_->require_stable
                   ? kafka_error::none
                   : error;
    }

 private:
    KafkaClusterState::Errors errors_;
    const OffsetFetch* fetch_;
};

void write_wanted(KafkaRequest& request,
                  const std::vector<WantedTopic>& wanted,
                  const FakeGroup* group,
                  std::int16_t group_error,
                  Errors& errors) {
    auto& out = request.out;
    out.write_array_length(wanted.size());
    for (const auto& topic : wanted) {
        const auto* on_topic = commits_on(group, topic.name);
        out.write_string(topic.name);
        out.write_array_length(topic.partitions.size());
        for (const auto partition : topic.partitions) {
            const auto error = group_error != kafka_error::none
                                   ? group_error
                                   : errors.of_partition(topic.name, partition);
            write_offset(request, partition, committed_offset(on_topic, partition), error);
        }
        out.write_no_tags();
    }
}

void write_all(KafkaRequest& request, const FakeGroup* group, Errors& errors) {
    auto& out = request.out;

    struct Row {
        const FakeCommits* on_topic = nullptr;
        std::vector<std::int16_t> errors{};
    };

    std::vector<Row> rows;
    if (group != nullptr) {
        for (const auto& on_topic : group->commits) {
            Row row{.on_topic = &on_topic};
            bool visible = !on_topic.commits.empty();
            for (const auto& commit : on_topic.commits) {
                row.errors.push_back(errors.of_partition(on_topic.topic, commit.partition));
                // Topics that one may not describe are left out of "all" without a word.
                visible = visible && row.errors.back() != kafka_error::topic_authorization_failed;
            }
            if (visible) {
                rows.push_back(std::move(row));
            }
        }
    }
    out.write_array_length(rows.size());
    for (const auto& row : rows) {
        const auto& commits = row.on_topic->commits;
        out.write_string(row.on_topic->topic);
        out.write_array_length(commits.size());
        for (std::size_t i = 0; i < commits.size(); ++i) {
            write_offset(request, commits[i].partition, commits[i].offset, row.errors[i]);
        }
        out.write_no_tags();
    }
}

}  // namespace

void answer_offset_fetch(KafkaRequest& request) {
    const auto fetch = read_offset_fetch(request);
    Errors errors(request, fetch);
    const auto group_error = errors.of_group(request);
    const auto* group = request.state.group(fetch.group);
    auto& out = request.out;
    if (request.version >= 3) {
        out.write_int32(0);  // throttle time
    }
    // From version 2 on the error of the group has its own field, and no topics come with it.
    if (group_error != kafka_error::none && request.version >= 2) {
        out.write_array_length(0);
    } else if (fetch.topics) {
        write_wanted(request, *fetch.topics, group, group_error, errors);
    } else if (request.state.take_fault(
                   KafkaFaultKind::empty_null, request.api, request.session.broker)) {
        out.write_array_length(0);
    } else {
        write_all(request, group, errors);
    }
    if (request.version >= 2) {
        out.write_int16(group_error);
    }
    out.write_no_tags();
}

}  // namespace caretaker::sandbox
