// SPDX-License-Identifier: Apache-2.0
// The members of a JSON document and their types, for comparing documents without their values.
#pragma once

#include <rapidjson/document.h>

#include <set>
#include <string>
#include <string_view>

namespace caretaker::testing {

/// Lines such as "slaves[].resources.cpus: number". Elements of an array count together; so do the
/// members of an object whose name is in `maps`, shown as "*". Empty arrays and objects show
/// themselves alone.
std::set<std::string> json_shape(const rapidjson::Value& document,
                                 const std::set<std::string_view>& maps = {});

/// Those of `wanted` that are not in `had`.
std::set<std::string> missing_shape(const std::set<std::string>& had,
                                    const std::set<std::string>& wanted);

}  // namespace caretaker::testing
