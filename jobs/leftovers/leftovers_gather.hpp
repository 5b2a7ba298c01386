// SPDX-License-Identifier: Apache-2.0
// Gets the documents of a cluster: from its master, or from files.
#pragma once

#include "common/clients/mesos_master.hpp"
#include "jobs/leftovers/case_writer.hpp"
#include "jobs/leftovers/document_reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caretaker {

class Clock;
class Log;

/// Where documents are read from, and where they are saved.
struct GatherSources {
    MesosMaster& master;
    ServiceHttp* marathon = nullptr;  // null: leftovers alone, without apps
    CaseWriter* save = nullptr;
};

/// Reads apps first, then flags and maintenance and the agents last, so that the newest numbers are
/// those that matter. What is refused or missing of the first is told in ClusterFacts, and so is a
/// Marathon that does not answer; the agents come from /slaves, or from /state where that is
/// refused or of too old a master. Throws RemoteError and JsonError.
ClusterFacts gather_from_services(const GatherSources& sources,
                                  OfferedResources offered,
                                  const Clock& clock,
                                  Log& log);

/// Reads files, and the *.json files of directories in byte order of their names. taken_at is the
/// time that a saved case carries, else unset (0). Throws UsageError for what cannot be read.
ClusterFacts gather_from_files(const std::vector<std::string>& paths,
                               OfferedResources offered,
                               CaseWriter* save,
                               Log& log);

}  // namespace caretaker
