// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_memory.hpp"

#include "common/store/job_memory.hpp"
#include "common/text/stable_hash.hpp"
#include "jobs/kibana/provision_bundle_model.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view kind = "provisioned";
constexpr std::size_t hash_size = 16;

}  // namespace

std::string encode_written(const WrittenObject& written) {
    return fmt::format("{} {}", written.wanted, written.present);
}

std::optional<WrittenObject> decode_written(std::string_view text) {
    if (text.size() != 2 * hash_size + 1 || text[hash_size] != ' ') {
        return std::nullopt;
    }
    return WrittenObject{.wanted = std::string(text.substr(0, hash_size)),
                         .present = std::string(text.substr(hash_size + 1))};
}

std::string hash_form(std::string_view normal) {
    return hex16(stable_hash(normal));
}

ObjectForms compare_forms(std::string_view wanted,
                          const std::optional<std::string>& present,
                          const std::optional<WrittenObject>& written) {
    ObjectForms forms{.wanted = std::string(wanted), .present = present};
    if (!present || !written || hash_form(*present) != written->present) {
        return forms;
    }
    forms.last_written = present;
    if (hash_form(wanted) == written->wanted) {
        forms.wanted = *present;
    }
    return forms;
}

ProvisionMemory::ProvisionMemory(JobMemory& memory, std::string place)
    : memory_(memory), place_(std::move(place)) {}

std::optional<WrittenObject> ProvisionMemory::find(const BundleObject& object) {
    const std::string part = fmt::format("{}/{}", object.type, object.id);
    const auto entry = memory_.find({.kind = kind, .name = place_, .part = part});
    return entry ? decode_written(entry->body) : std::nullopt;
}

void ProvisionMemory::save(const BundleObject& object, std::string_view present, WallTime now) {
    const std::string part = fmt::format("{}/{}", object.type, object.id);
    memory_.save(
        {.kind = kind, .name = place_, .part = part},
        encode_written({.wanted = hash_form(object.normal), .present = hash_form(present)}),
        now);
}

}  // namespace caretaker
