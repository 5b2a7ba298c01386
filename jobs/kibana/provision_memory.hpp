// SPDX-License-Identifier: Apache-2.0
// What was written last into a Kibana, in the store: losing it makes changed objects of the bundle
// look like changes by people, which are kept.
#pragma once

#include "common/base/wall_time.hpp"
#include "jobs/kibana/provision_drift_plan.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

class JobMemory;
struct BundleObject;

/// Both forms of an object when it was last seen as the bundle wants it, as hashes.
struct WrittenObject {
    std::string wanted{};   // of the bundle
    std::string present{};  // of what Kibana made of it
};

std::string encode_written(const WrittenObject& written);

/// Nothing for a text that was not written by encode_written().
std::optional<WrittenObject> decode_written(std::string_view text);

/// The hash of a normal form.
std::string hash_form(std::string_view normal);

/// The forms to decide by: where Kibana holds what it made of the very object that is wanted, that
/// is what is wanted.
ObjectForms compare_forms(std::string_view wanted,
                          const std::optional<std::string>& present,
                          const std::optional<WrittenObject>& written);

/// Of one Kibana, `place`: its app or address, with its space. Functions throw StoreError.
class ProvisionMemory {
 public:
    /// `memory` outlives this.
    ProvisionMemory(JobMemory& memory, std::string place);

    [[nodiscard]] std::optional<WrittenObject> find(const BundleObject& object);

    /// Within JobMemory::write().
    void save(const BundleObject& object, std::string_view present, WallTime now);

    [[nodiscard]] JobMemory& memory() { return memory_; }

 private:
    JobMemory& memory_;
    std::string place_;
};

}  // namespace caretaker
