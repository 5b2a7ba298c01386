// SPDX-License-Identifier: Apache-2.0
// Whether there is anything behind an index pattern.
#pragma once

#include <string>

namespace caretaker {

class ServiceHttp;
struct BundleObject;

/// What is the matter with an index pattern of a bundle, as a sentence: no index matches it, or
/// none has its time field. Empty: nothing, also for one that cannot be read. Throws RemoteError
/// and JsonError.
std::string find_pattern_trouble(ServiceHttp& search, const BundleObject& pattern);

/// The fields of the indices, as GET /<pattern>/_field_caps or /_mapping answers. Throws
/// RemoteError; its message says what to do where there are none.
std::string fetch_fields(ServiceHttp& search, const std::string& pattern);

}  // namespace caretaker
