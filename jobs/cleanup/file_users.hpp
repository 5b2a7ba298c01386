// SPDX-License-Identifier: Apache-2.0
// Who has a file open, for a person who asks.
#pragma once

#include "jobs/cleanup/inode_id.hpp"

#include <string>

namespace caretaker {

/// "open for writing by pid 4711 (java), open for reading by pid 4712 (tail)", or "mapped by a
/// process"; empty where none is seen. Names at most five.
std::string describe_file_users(InodeId file);

}  // namespace caretaker
