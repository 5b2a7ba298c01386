// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/docker_image_plan.hpp"

#include "common/text/bytes.hpp"
#include "jobs/cleanup/age_text.hpp"
#include "jobs/cleanup/docker_filters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace caretaker {

namespace {

using Ids = DockerIds;

class ImagePlanner {
 public:
    ImagePlanner(const DockerFacts& facts, const ImagePolicy& policy, const Ids& gone_containers)
        : facts_(facts), policy_(policy) {
        for (const DockerContainer& container : facts.containers) {
            if (!gone_containers.contains(container.id)) {
                used_.insert(container.image_id);
            }
        }
        for (const DockerImage& image : facts.images) {
            parents_.insert(image.parent);
        }
    }

    DockerPlan plan() {
        find_newest_tags();
        for (const DockerImage& image : facts_.images) {
            consider(image);
        }
        if (policy_.max_total_size) {
            take_by_size(*policy_.max_total_size);
        }
        if (policy_.only_below_free) {
            take_by_free(*policy_.only_below_free);
        }
        keep_parents();
        return write();
    }

 private:
    [[nodiscard]] static bool is_inner(const DockerImage& image, const Ids& parents) {
        return image.tags.empty() && parents.contains(image.id);
    }

    /// When anything is known of its use here.
    [[nodiscard]] DockerTime last_use(const DockerImage& image) const {
        const auto found = facts_.image_memory.find(image.id);
        const bool known = found != facts_.image_memory.end();
        std::optional<DockerTime> last = image.tagged;
        if (known && found->second.last_used) {
            last = std::max(last.value_or(*found->second.last_used), *found->second.last_used);
        }
        // An image that nothing is known of is young.
        return last.value_or(known ? found->second.first_seen : facts_.now);
    }

    void find_newest_tags() {
        std::map<std::string, std::vector<std::pair<DockerTime, std::string>>> repositories;
        for (const DockerImage& image : facts_.images) {
            for (const std::string& tag : image.tags) {
                repositories[std::string(repository_of(tag))].emplace_back(last_use(image), tag);
            }
        }
        for (auto& [repository, tags] : repositories) {
            std::ranges::sort(tags, std::greater());
            const auto keep =
                std::min(static_cast<std::size_t>(policy_.keep_newest_tags), tags.size());
            for (std::size_t i = 0; i < keep; ++i) {
                newest_.insert(tags[i].second);
            }
        }
    }

    [[nodiscard]] bool is_free(const DockerImage& image) const {
        const auto is_excluded = [&](const std::string& reference) {
            return newest_.contains(reference) || fits_any(policy_.exclude, reference);
        };
        return !used_.contains(image.id) && !is_inner(image, parents_) &&
               !has_label(policy_.exclude_labels, image.labels) &&
               std::ranges::none_of(image.tags, is_excluded) &&
               std::ranges::none_of(image.digests, is_excluded);
    }

    void consider(const DockerImage& image) {
        if (is_inner(image, parents_)) {
            return;
        }
        ++universe_;
        if (!is_free(image)) {
            return;
        }
        const bool dangling = image.tags.empty() && image.digests.empty();
        const auto limit = dangling ? policy_.dangling_older_than : policy_.older_than;
        const auto age = facts_.now - last_use(image);
        if (age > limit) {
            going_.emplace(
                image.id,
                fmt::format("{}last used {}", dangling ? "untagged, " : "", old_words(age, limit)));
        }
    }

    static std::uint64_t own_size(const DockerImage& image) {
        return image.size - std::min(image.shared, image.size);
    }

    /// The images that may go and do not yet, the least recently used first.
    [[nodiscard]] std::vector<const DockerImage*> by_last_use() const {
        std::vector<const DockerImage*> order;
        for (const DockerImage& image : facts_.images) {
            const bool known = last_use(image) < facts_.now;
            if (!is_inner(image, parents_) && !going_.contains(image.id) && is_free(image) &&
                known) {
                order.push_back(&image);
            }
        }
        std::ranges::sort(order, [&](const DockerImage* a, const DockerImage* b) {
            return std::pair(last_use(*a), a->id) < std::pair(last_use(*b), b->id);
        });
        return order;
    }

    void take_by_size(std::uint64_t most) {
        std::uint64_t total = 0;
        for (const DockerImage& image : facts_.images) {
            total += is_inner(image, parents_) || going_.contains(image.id) ? 0 : own_size(image);
        }
        for (const DockerImage* image : by_last_use()) {
            if (total <= most) {
                return;
            }
            total -= own_size(*image);
            take(*image, fmt::format("images may take {}", format_bytes(most)));
        }
    }

    void take_by_free(double percent) {
        const auto wanted =
            static_cast<std::uint64_t>(percent / 100 * static_cast<double>(facts_.disk.total));
        std::uint64_t free = facts_.disk.free;
        for (const DockerImage& image : facts_.images) {
            free += going_.contains(image.id) ? own_size(image) : 0;
        }
        for (const DockerImage* image : by_last_use()) {
            if (free >= wanted) {
                return;
            }
            free += own_size(*image);
            take(*image, fmt::format("less than {:g}% of the Engine's disk is free", percent));
        }
    }

    void take(const DockerImage& image, std::string_view why) {
        going_.emplace(
            image.id,
            fmt::format(
                "last used {} ago, {}", format_duration(facts_.now - last_use(image)), why));
    }

    /// An image that one which stays is built on stays.
    void keep_parents() {
        std::map<std::string_view, const DockerImage*> by_id;
        for (const DockerImage& image : facts_.images) {
            by_id.emplace(image.id, &image);
        }
        for (const DockerImage& image : facts_.images) {
            if (going_.contains(image.id) || is_inner(image, parents_)) {
                continue;
            }
            const DockerImage* at = &image;
            for (std::size_t step = 0; step < facts_.images.size(); ++step) {
                const auto parent = by_id.find(at->parent);
                if (parent == by_id.end()) {
                    break;
                }
                going_.erase(parent->second->id);
                at = parent->second;
            }
        }
    }

    [[nodiscard]] std::size_t depth_of(const DockerImage& image) const {
        std::size_t depth = 0;
        std::string_view parent = image.parent;
        while (!parent.empty() && depth < facts_.images.size()) {
            ++depth;
            const auto found = std::ranges::find(facts_.images, parent, &DockerImage::id);
            parent = found == facts_.images.end() ? std::string_view{} : found->parent;
        }
        return depth;
    }

    /// All that keeps it: its tags, the digests of repositories that have none of these, or it
    /// itself. A digest goes with the tag of its repository.
    static std::vector<std::string> references_of(const DockerImage& image) {
        std::vector<std::string> references = image.tags;
        for (const std::string& digest : image.digests) {
            const bool has_tag = std::ranges::any_of(image.tags, [&](const std::string& tag) {
                return repository_of(tag) == repository_of(digest);
            });
            if (!has_tag) {
                references.push_back(digest);
            }
        }
        if (references.empty()) {
            references.push_back(image.id);
        }
        return references;
    }

    DockerPlan write() {
        DockerPlan plan{.universe = universe_};
        std::vector<const DockerImage*> order;
        for (const DockerImage& image : facts_.images) {
            if (going_.contains(image.id)) {
                order.push_back(&image);
            }
        }
        std::ranges::sort(order, [&](const DockerImage* a, const DockerImage* b) {
            const std::size_t deep = depth_of(*a);
            const std::size_t other = depth_of(*b);
            return deep != other ? deep > other : a->id < b->id;  // children before parents
        });
        for (const DockerImage* image : order) {
            const std::vector<std::string> references = references_of(*image);
            for (const std::string& reference : references) {
                const bool last = reference == references.back();
                plan.removals.push_back({.kind = DockerKind::image,
                                         .name = reference,
                                         .id = image->id,
                                         .bytes = last ? own_size(*image) : 0,
                                         .reason = going_.at(image->id)});
            }
        }
        return plan;
    }

    const DockerFacts& facts_;
    const ImagePolicy& policy_;
    Ids used_{};
    Ids parents_{};
    Ids newest_{};                                             // references
    std::map<std::string, std::string, std::less<>> going_{};  // id → reason
    std::int64_t universe_ = 0;
};

}  // namespace

DockerPlan plan_images(const DockerFacts& facts,
                       const ImagePolicy& policy,
                       const std::vector<PlannedRemoval>& gone) {
    return ImagePlanner(facts, policy, ids_of(gone, DockerKind::container)).plan();
}

std::string_view repository_of(std::string_view reference) {
    reference = reference.substr(0, reference.find('@'));
    const std::size_t slash = reference.rfind('/');
    const std::size_t colon = reference.rfind(':');
    const bool has_tag =
        colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
    return has_tag ? reference.substr(0, colon) : reference;
}

}  // namespace caretaker
