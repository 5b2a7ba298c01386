// SPDX-License-Identifier: Apache-2.0
// Forms of Mesos 0.21 to 1.12; protobuf in JSON leaves out what is empty.
#include "common/clients/mesos_resource.hpp"

#include "common/json/json_members.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace caretaker {

namespace {

/// `name` of an object, or the `value` in it, as protobuf writes ids.
std::string id_in(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    if (!member) {
        return {};
    }
    return std::string(member->is_object() ? member->at("value").text() : member->text());
}

MesosReservation read_reservation(JsonView object) {
    MesosReservation reservation{.role = json_text_or_empty(object, "role"),
                                 .is_dynamic = json_text_or_empty(object, "type") != "STATIC",
                                 .principal = json_text_or_empty(object, "principal")};
    if (const auto labels = object.find("labels")) {
        for (const JsonView& label : json_elements_of(*labels, "labels")) {
            reservation.labels.emplace_back(json_text_or_empty(label, "key"),
                                            json_text_or_empty(label, "value"));
        }
    }
    return reservation;
}

std::vector<MesosReservation> read_reservations(JsonView entry) {
    std::vector<MesosReservation> stack;
    if (const auto list = entry.find("reservations")) {
        for (const JsonView& reservation : list->elements()) {
            stack.push_back(read_reservation(reservation));
        }
        return stack;
    }
    const std::string role = json_text_or_empty(entry, "role");
    if (role.empty() || role == "*") {
        return stack;
    }
    const auto dynamic = entry.find("reservation");
    MesosReservation reservation = dynamic ? read_reservation(*dynamic) : MesosReservation{};
    reservation.role = role;
    reservation.is_dynamic = dynamic.has_value();
    stack.push_back(std::move(reservation));
    return stack;
}

struct DiskWord {
    std::string_view word{};
    DiskKind kind{};
};

constexpr std::array disk_words{DiskWord{"PATH", DiskKind::path},
                                DiskWord{"MOUNT", DiskKind::mount},
                                DiskWord{"BLOCK", DiskKind::block},
                                DiskWord{"RAW", DiskKind::raw}};

/// The root of a path or mount, and the id of a source that a provider gives.
std::string read_disk_root(JsonView source) {
    std::string root = json_text_or_empty(source, "id");
    for (const std::string_view kind : {"path", "mount"}) {
        const auto place = source.find(kind);
        if (place) {
            root += json_text_or_empty(*place, "root");
        }
    }
    return root;
}

void read_disk(JsonView disk, MesosResource& resource) {
    if (const auto source = disk.find("source")) {
        const std::string type = json_text_or_empty(*source, "type");
        const auto found = std::ranges::find(disk_words, type, &DiskWord::word);
        resource.disk = found == disk_words.end() ? DiskKind::raw : found->kind;
        resource.disk_root = read_disk_root(*source);
    }
    if (const auto persistence = disk.find("persistence")) {
        resource.volume = json_text_or_empty(*persistence, "id");
    }
}

/// Any ranges: their ports where the resource is "ports", else their number of members.
void read_ranges(JsonView ranges, MesosResource& resource) {
    for (const JsonView& range : json_elements_of(ranges, "range")) {
        const std::int64_t begin = range.at("begin").integer();
        const std::int64_t end = range.at("end").integer();
        const bool is_right = begin >= 0 && begin <= end && end - begin < max_milli / 1000;
        if (resource.name == "ports") {
            if (!is_right || !resource.ranges.add(static_cast<std::uint64_t>(begin),
                                                  static_cast<std::uint64_t>(end))) {
                range.fail("is no range of ports");
            }
        } else if (is_right) {
            resource.amount = std::min(max_milli, resource.amount + (end - begin + 1) * 1000);
        } else {
            range.fail("is no range");
        }
    }
}

}  // namespace

Milli read_milli(JsonView number) {
    constexpr double residue = -0.01;
    const double value = number.number();
    const auto amount = to_milli(value < 0 && value > residue ? 0 : value);
    if (!amount) {
        number.fail("is no amount of a resource");
    }
    return *amount;
}

MesosResource read_mesos_resource(JsonView entry) {
    MesosResource resource{.name = std::string(entry.at("name").text()),
                           .reservations = read_reservations(entry)};
    if (const auto scalar = entry.find("scalar")) {
        resource.amount = read_milli(scalar->at("value"));
    } else if (const auto ranges = entry.find("ranges")) {
        read_ranges(*ranges, resource);
    } else if (const auto set = entry.find("set")) {
        resource.amount = std::ssize(json_elements_of(*set, "item")) * 1000;
    }
    if (const auto disk = entry.find("disk")) {
        read_disk(*disk, resource);
    }
    resource.is_revocable = entry.find("revocable").has_value();
    resource.is_shared = entry.find("shared").has_value();
    resource.provider = id_in(entry, "provider_id");
    return resource;
}

std::vector<MesosResource> read_mesos_resources(JsonView object, std::string_view member) {
    std::vector<MesosResource> resources;
    const auto elements = json_elements_of(object, member);
    resources.reserve(elements.size());
    for (const JsonView& entry : elements) {
        resources.push_back(read_mesos_resource(entry));
    }
    return resources;
}

Milli MesosSums::amount(std::string_view name) const {
    const auto found = std::ranges::find(
        scalars, name, [](const auto& scalar) { return std::string_view(scalar.first); });
    return found == scalars.end() ? 0 : found->second;
}

MesosSums read_mesos_sums(JsonView object) {
    MesosSums sums;
    for (const JsonMember& member : object.members()) {
        if (member.value.is_number()) {
            sums.scalars.emplace_back(member.name, read_milli(member.value));
        } else if (member.name == "ports") {
            const auto ports = PortSet::parse(member.value.text());
            if (!ports) {
                member.value.fail("is no list of ports");
            }
            sums.ports = *ports;
        }
    }
    return sums;
}

}  // namespace caretaker
