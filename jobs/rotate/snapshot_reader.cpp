// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/snapshot_reader.hpp"

#include "common/json/json_document.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/rotate/action_traits.hpp"
#include "jobs/rotate/search_reading.hpp"
#include "jobs/rotate/search_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

SnapshotContents read_contents(JsonView snapshot) {
    SnapshotContents contents;
    if (const auto indices = snapshot.find("indices")) {
        for (const JsonView& index : indices->elements()) {
            contents.indices.emplace_back(index.text());
        }
    }
    if (const auto failures = snapshot.find("failures")) {
        for (const JsonView& failure : failures->elements()) {
            contents.failed.emplace_back(text_in(failure, "index"));
        }
    }
    std::ranges::sort(contents.indices);
    std::ranges::sort(contents.failed);
    contents.failed.erase(std::unique(contents.failed.begin(), contents.failed.end()),
                          contents.failed.end());
    return contents;
}

}  // namespace

void read_snapshots(SearchCluster& cluster,
                    const std::string& repository,
                    const std::function<void()>& begin,
                    const std::function<void(ListedSnapshot)>& take,
                    std::string& problem) {
    const HttpResponse response = read_elements(
        cluster.http(),
        {.url = fmt::format("/_snapshot/{}/_all", encode_segment(repository))},
        "/snapshots/*",
        begin,
        [&](const JsonElement& element) {
            const JsonView snapshot = element.value;
            take({.facts = {.name = snapshot.at("snapshot").text(),
                            .uuid = text_in(snapshot, "uuid"),
                            .created_ms = number_in(snapshot, "start_time_in_millis"),
                            .rare = RareFacts{.snapshot_state = text_in(snapshot, "state")}},
                  .contents = read_contents(snapshot)});
        },
        {404});
    if (response.status == 404) {
        problem = fmt::format("the repository {}: {}", repository, describe_search_error(response));
    }
}

SnapshotList fetch_snapshots(SearchCluster& cluster,
                             const std::string& repository,
                             bool with_contents,
                             std::string& problem) {
    SnapshotList list;
    std::vector<ListedSnapshot> listed;
    read_snapshots(
        cluster,
        repository,
        [&] { listed.clear(); },
        [&](ListedSnapshot snapshot) {
            if (!with_contents) {
                snapshot.contents = {};
            }
            RareFacts& rare = snapshot.facts.rare.edit();
            snapshot.facts.name = list.texts->keep(snapshot.facts.name);
            snapshot.facts.uuid = list.texts->keep(snapshot.facts.uuid);
            rare.snapshot_state = list.texts->keep_once(rare.snapshot_state);
            listed.push_back(std::move(snapshot));
        },
        problem);
    std::ranges::sort(listed, {}, [](const ListedSnapshot& one) { return one.facts.name; });
    for (ListedSnapshot& one : listed) {
        list.snapshots.push_back(std::move(one.facts));
        if (with_contents) {
            list.contents.push_back(std::move(one.contents));
        }
    }
    return list;
}

std::vector<SnapshotLook> look_at_snapshots(SearchCluster& cluster,
                                            std::span<const UnsettledAction> actions) {
    std::vector<SnapshotLook> looks;
    for (const UnsettledAction& action : actions) {
        const std::size_t slash = action.subject.find('/');
        if (slash == std::string::npos ||
            (action.kind != action_kind(ActionType::snapshot) &&
             action.kind != action_kind(ActionType::delete_snapshots))) {
            continue;
        }
        const std::string path = fmt::format("/_snapshot/{}/{}",
                                             encode_segment(action.subject.substr(0, slash)),
                                             encode_segment(action.subject.substr(slash + 1)));
        const HttpResponse response = cluster.http().require({.url = path}, {404});
        SnapshotLook look{.subject = action.subject};
        if (response.status == 404) {
            if (response.body.find("repository_missing") != std::string::npos) {
                continue;
            }
            looks.push_back(std::move(look));
            continue;
        }
        const JsonDocument document = JsonDocument::parse(response.body, "GET " + path);
        const auto snapshots = document.root().at("snapshots").elements();
        if (!snapshots.empty()) {
            look.state = std::string(text_in(snapshots.front(), "state"));
            look.uuid = std::string(text_in(snapshots.front(), "uuid"));
        }
        looks.push_back(std::move(look));
    }
    return looks;
}

bool is_snapshot_running(SearchCluster& cluster) {
    const HttpResponse response = cluster.http().require({.url = "/_snapshot/_status"});
    const JsonDocument document = JsonDocument::parse(response.body, "GET /_snapshot/_status");
    return !document.root().at("snapshots").elements().empty();
}

std::set<std::string> fetch_indices_in_snapshots(SearchCluster& cluster) {
    const HttpResponse response = cluster.http().require({.url = "/_snapshot/_status"});
    const JsonDocument document = JsonDocument::parse(response.body, "GET /_snapshot/_status");
    std::set<std::string> names;
    for (const JsonView& snapshot : document.root().at("snapshots").elements()) {
        if (const auto indices = snapshot.find("indices")) {
            for (const JsonMember& index : indices->members()) {
                names.emplace(index.name);
            }
        }
    }
    return names;
}

}  // namespace caretaker
