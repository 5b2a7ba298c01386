// SPDX-License-Identifier: Apache-2.0
// Who was used, by what people changed among the things that their Kibana keeps.
#pragma once

#include "jobs/kibana/kibana_app.hpp"
#include "jobs/kibana/kibana_signal.hpp"
#include "jobs/kibana/saved_objects_memory.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace caretaker {

class ServiceHttp;

/// The body of POST /{index}/_search?size=0: the newest `updated_at` of the types that people, or
/// their browsers, write. Kibana 6 and later; before, objects have no such field.
std::string format_objects_question();

/// How many apps keep their objects in an index, by its name.
using IndexUsers = std::map<std::string, int, std::less<>>;

struct SavedObjectsAsked {
    const std::vector<const KibanaApp*>& apps;
    const IndexUsers& users;
    WallTime now{};
};

/// Asks only for apps whose definition names their own index (KIBANA_INDEX); one that two apps name
/// says nothing of either. Where no object has a time (Kibana up to 5), an index that more was
/// written to than `memory` knows was used just now; `memory` takes the new numbers. Proves use,
/// never that there was none. Never throws RemoteError or JsonError: an index that cannot be read
/// is the signal's trouble.
KibanaSignal read_saved_objects(ServiceHttp& http,
                                const SavedObjectsAsked& asked,
                                SavedObjectsMemory& memory);

}  // namespace caretaker
