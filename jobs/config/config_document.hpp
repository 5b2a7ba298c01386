// SPDX-License-Identifier: Apache-2.0
// docs/configuration.md, made from the key table. Pure.
#pragma once

#include <string>

namespace caretaker {

/// The whole reference as Markdown: where settings come from, then every key with its type,
/// default, range and meaning.
std::string format_config_document();

}  // namespace caretaker
