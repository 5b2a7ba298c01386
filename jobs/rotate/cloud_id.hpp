// SPDX-License-Identifier: Apache-2.0
// Elastic Cloud's short form of an address.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// The address of Elasticsearch in a cloud id, "NAME:" and, in base64,
/// "DOMAIN[:PORT]$ELASTICSEARCH[$KIBANA]": "https://ELASTICSEARCH.DOMAIN[:PORT]".
/// Nothing when it is none.
std::optional<std::string> address_of_cloud(std::string_view cloud_id);

}  // namespace caretaker
