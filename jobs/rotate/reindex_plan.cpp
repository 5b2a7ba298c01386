// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/reindex_plan.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

namespace {

CuratorValue text_value(std::string text) {
    return {.type = CuratorType::text, .text = std::move(text)};
}

void set(CuratorValue& map, std::string_view key, CuratorValue value) {
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
        if (map.keys[i].text == key) {
            map.children[i] = std::move(value);
            return;
        }
    }
    map.keys.push_back({.text = std::string(key)});
    map.children.push_back(std::move(value));
}

void rename(CuratorValue& map, std::string_view from, std::string_view to) {
    if (map.find(to) != nullptr) {
        return;
    }
    for (CuratorKey& key : map.keys) {
        if (key.text == from) {
            key.text = to;
        }
    }
}

CuratorValue* child(CuratorValue& map, std::string_view key) {
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
        if (map.keys[i].text == key) {
            return &map.children[i];
        }
    }
    return nullptr;
}

std::vector<std::string> texts_of(const CuratorValue* value) {
    std::vector<std::string> texts;
    if (value != nullptr && value->type == CuratorType::text) {
        texts.push_back(value->text);
    } else if (value != nullptr) {
        for (const CuratorValue& one : value->children) {
            texts.push_back(one.text);
        }
    }
    return texts;
}

}  // namespace

bool ReindexRequest::selects() const {
    return sources.size() == 1 && sources.front() == reindex_selection;
}

ReindexRequest read_reindex_request(const CuratorValue& body) {
    ReindexRequest request;
    if (const CuratorValue* source = body.find("source")) {
        request.sources = texts_of(source->find("index"));
        const CuratorValue* remote = source->find("remote");
        request.remote = remote != nullptr && !remote->keys.empty() ? remote : nullptr;
    }
    if (const CuratorValue* dest = body.find("dest")) {
        const std::vector<std::string> names = texts_of(dest->find("index"));
        request.dest = names.empty() ? std::string() : names.front();
    }
    return request;
}

std::vector<ReindexItem> list_reindexes(const CheckedOptions& options,
                                        const ReindexRequest& request,
                                        std::vector<std::string> sources) {
    if (!request.migrates()) {
        return {{.sources = std::move(sources), .dest = request.dest}};
    }
    std::vector<ReindexItem> items;
    for (std::string& source : sources) {
        std::string dest = fmt::format(
            "{}{}{}", options.text("migration_prefix"), source, options.text("migration_suffix"));
        items.push_back({.sources = {std::move(source)}, .dest = std::move(dest)});
    }
    return items;
}

std::string reindex_body(const CuratorValue& body,
                         const ReindexItem& item,
                         const SearchEngine& engine) {
    CuratorValue changed = body;
    if (CuratorValue* source = child(changed, "source")) {
        CuratorValue names{.type = CuratorType::list};
        for (const std::string& name : item.sources) {
            names.children.push_back(text_value(name));
        }
        set(*source, "index", std::move(names));
    }
    if (CuratorValue* dest = child(changed, "dest")) {
        set(*dest, "index", text_value(item.dest));
    }
    if (has_feature(engine, SearchFeature::reindex_max_docs)) {
        rename(changed, "size", "max_docs");
    } else {
        rename(changed, "max_docs", "size");
    }
    return to_json(changed);
}

std::string reindex_parameters(const CheckedOptions& options,
                               const SearchEngine& engine,
                               bool waits) {
    std::string text = fmt::format("?refresh={}&wait_for_completion={}&timeout={}s",
                                   options.flag("refresh"),
                                   waits,
                                   options.integer("timeout"));
    const std::int64_t rate = options.integer("requests_per_second");
    if (rate > 0 || has_feature(engine, SearchFeature::strict_parameters)) {
        text += fmt::format("&requests_per_second={}", rate);
    }
    const bool may_slice = has_feature(engine, SearchFeature::reindex_slices);
    if (may_slice && options.integer("slices") != 1) {
        text += fmt::format("&slices={}", options.integer("slices"));
    }
    if (has_feature(engine, SearchFeature::strict_parameters)) {
        text += "&wait_for_active_shards=" + options.text("wait_for_active_shards");
    }
    return text;
}

}  // namespace caretaker
