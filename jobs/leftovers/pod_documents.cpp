// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/pod_documents.hpp"

#include "common/clients/marathon_pod.hpp"
#include "common/json/json_members.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>

namespace caretaker {

bool PodDocuments::take(JsonView element, const OnUnread& on_unread) {
    if (!element.is_object()) {
        return false;
    }
    const auto spec = element.find("spec");
    if (!spec && !element.find("containers")) {
        return false;
    }
    std::vector<JsonView> instances;
    try {
        pods_.push_back(read_marathon_pod(spec.value_or(element)));
        instances = json_elements_of(element, "instances");
    } catch (const JsonError& error) {  // told as not read; the other pods are known
        on_unread(element, "pod", error);
        return true;
    }
    for (const JsonView& instance : instances) {
        try {
            if (auto task = read_marathon_pod_instance(instance, pods_.back().id)) {
                instances_.push_back(std::move(*task));
            }
        } catch (const JsonError& error) {  // the pod is known without one of its instances
            on_unread(instance, "instance", error);
        }
    }
    return true;
}

void PodDocuments::move_to(Workload& workload) {
    std::set<std::string, std::less<>> ids;
    for (const MarathonApp& pod : pods_) {
        ids.insert(pod.id);
    }
    if (ids.empty()) {
        return;
    }
    std::erase_if(workload.tasks, [&](const MarathonTask& task) { return ids.contains(task.app); });
    std::ranges::move(pods_, std::back_inserter(workload.apps));
    std::ranges::move(instances_, std::back_inserter(workload.tasks));
    pods_.clear();
    instances_.clear();
}

}  // namespace caretaker
