// SPDX-License-Identifier: Apache-2.0
// Pods and their instances as Marathon 1.4 to 1.10 answers them: what placing needs of them.
#pragma once

#include "common/clients/marathon_app.hpp"
#include "common/json/json_view.hpp"

#include <optional>
#include <string>

namespace caretaker {

/// A pod as it is defined, with its containers and its executor as one instance. Which of its
/// versions changed more than the number of instances is not told. Throws JsonError.
MarathonApp read_marathon_pod(JsonView pod);

/// An element of `instances` of a pod's status, with the ports of all its containers. Nothing for
/// an instance that has no place: one that waits for it, and one whose containers are all over.
/// Throws JsonError.
std::optional<MarathonTask> read_marathon_pod_instance(JsonView instance, const std::string& pod);

}  // namespace caretaker
