// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/mesos_resource_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace caretaker::sandbox {

namespace {

constexpr double unit = 1'000.0;

double sum_doubles(const std::vector<FakeResource>& list, std::string_view name, bool revocable) {
    double sum = 0;
    for (const FakeResource& resource : list) {
        if (resource.name == name && resource.is_scalar() && resource.is_revocable == revocable) {
            sum += static_cast<double>(resource.milli) / unit;
        }
    }
    return sum;
}

std::vector<FakeRange> all_ranges(const std::vector<FakeResource>& list, std::string_view name) {
    std::vector<FakeRange> ranges;
    for (const FakeResource& resource : list) {
        if (resource.name == name) {
            ranges.insert(ranges.end(), resource.ranges.begin(), resource.ranges.end());
        }
    }
    return join_ranges(std::move(ranges));
}

void write_ranges(Json& json, const std::vector<FakeRange>& ranges) {
    json.begin_object("ranges").begin_array("range");
    for (const FakeRange& range : ranges) {
        json.begin_object().integer("begin", range.begin).integer("end", range.end).end_object();
    }
    json.end_array().end_object();
}

void write_set(Json& json, const std::vector<std::string>& items) {
    json.begin_object("set").begin_array("item");
    for (const std::string& item : items) {
        json.text(item);
    }
    json.end_array().end_object();
}

void write_scalar(Json& json, std::int64_t milli) {
    json.begin_object("scalar").number("value", static_cast<double>(milli) / unit).end_object();
}

void write_labels(Json& json, const FakeReservation& reservation) {
    if (!reservation.principal.empty()) {
        json.text("principal", reservation.principal);
    }
    if (!reservation.labels.empty()) {
        json.begin_object("labels").begin_array("labels");
        for (const auto& [key, value] : reservation.labels) {
            json.begin_object().text("key", key).text("value", value).end_object();
        }
        json.end_array().end_object();
    }
}

void write_reservations(Json& json, const FakeResource& resource, ReservationForm form) {
    const auto& stack = resource.reservations;
    if (form != ReservationForm::stack_only && stack.size() < 2) {
        json.text("role", resource.role());
        if (!stack.empty() && stack.front().is_dynamic) {
            json.begin_object("reservation");
            write_labels(json, stack.front());
            json.end_object();
        }
    }
    if (form == ReservationForm::role_only && stack.size() > 1) {  // unknown to those versions
        json.text("role", resource.role());
    }
    if (!resource.allocated_to.empty()) {
        json.begin_object("allocation_info").text("role", resource.allocated_to).end_object();
    }
    if (form == ReservationForm::role_only || stack.empty()) {
        return;
    }
    json.begin_array("reservations");
    for (const FakeReservation& reservation : stack) {
        json.begin_object()
            .text("type", reservation.is_dynamic ? "DYNAMIC" : "STATIC")
            .text("role", reservation.role);
        write_labels(json, reservation);
        json.end_object();
    }
    json.end_array();
}

void write_disk(Json& json, const FakeResource& resource) {
    if (resource.source.empty() && resource.volume_id.empty()) {
        return;
    }
    json.begin_object("disk");
    if (!resource.volume_id.empty()) {
        json.begin_object("persistence").text("id", resource.volume_id).end_object();
        json.begin_object("volume")
            .text("mode", "RW")
            .text("container_path", resource.volume_path)
            .end_object();
    }
    if (!resource.source.empty()) {
        json.begin_object("source").text("type", resource.source);
        json.begin_object(resource.source == "PATH" ? "path" : "mount")
            .text("root", resource.source_root)
            .end_object();
        json.end_object();
    }
    json.end_object();
}

}  // namespace

void write_summed(Json& json,
                  std::string_view name,
                  const std::vector<FakeResource>& list,
                  const MesosVersion& version) {
    json.begin_object(name);
    for (const std::string_view scalar : {"disk", "mem", "gpus", "cpus"}) {
        const double sum = sum_doubles(list, scalar, false);
        if (scalar != "gpus" || sum > 0 || version.since(1, 0)) {
            json.number(scalar, sum);
        }
        const double revocable = sum_doubles(list, scalar, true);
        if (revocable > 0 && version.since(0, 26)) {
            json.number(fmt::format("{}_revocable", scalar), revocable);
        }
    }
    if (const auto ports = all_ranges(list, "ports"); !ports.empty()) {
        json.text("ports", format_ranges(ports));
    }
    std::vector<std::string_view> written{"disk", "mem", "gpus", "cpus", "ports"};
    for (const FakeResource& resource : list) {
        if (std::ranges::find(written, resource.name) != written.end()) {
            continue;
        }
        written.emplace_back(resource.name);
        if (!resource.items.empty()) {
            json.text(resource.name, fmt::format("{{{}}}", fmt::join(resource.items, ", ")));
        } else if (!resource.ranges.empty()) {
            json.text(resource.name, format_ranges(all_ranges(list, resource.name)));
        } else {
            json.number(resource.name, sum_doubles(list, resource.name, false));
        }
    }
    json.end_object();
}

void write_typed(Json& json, const FakeResource& resource, ReservationForm form) {
    json.begin_object().text("name", resource.name);
    if (!resource.ranges.empty()) {
        json.text("type", "RANGES");
        write_ranges(json, resource.ranges);
    } else if (!resource.items.empty()) {
        json.text("type", "SET");
        write_set(json, resource.items);
    } else {
        json.text("type", "SCALAR");
        write_scalar(json, resource.milli);
    }
    write_reservations(json, resource, form);
    write_disk(json, resource);
    if (resource.is_revocable) {
        json.begin_object("revocable").end_object();
    }
    json.end_object();
}

void write_typed_list(Json& json, const std::vector<FakeResource>& list, ReservationForm form) {
    json.begin_array();
    for (const FakeResource& resource : list) {
        write_typed(json, resource, form);
    }
    json.end_array();
}

ReservationForm agent_form(const MesosVersion& version) {
    return version.since(1, 4) ? ReservationForm::role_and_stack : ReservationForm::role_only;
}

std::map<std::string, std::vector<FakeResource>> by_role(const std::vector<FakeResource>& list) {
    std::map<std::string, std::vector<FakeResource>> roles;
    for (const FakeResource& resource : list) {
        if (!resource.reservations.empty()) {
            roles[std::string(resource.role())].push_back(resource);
        }
    }
    return roles;
}

std::vector<FakeResource> unreserved(const std::vector<FakeResource>& list) {
    std::vector<FakeResource> left = list;
    std::erase_if(left,
                  [](const FakeResource& resource) { return !resource.reservations.empty(); });
    return left;
}

void write_typed_attributes(Json& json, const std::vector<FakeAttribute>& attributes) {
    json.begin_array("attributes");
    for (const FakeAttribute& attribute : attributes) {
        json.begin_object().text("name", attribute.name);
        switch (attribute.kind) {
            case FakeAttribute::Kind::text:
                json.text("type", "TEXT");
                json.begin_object("text").text("value", attribute.text).end_object();
                break;
            case FakeAttribute::Kind::scalar:
                json.text("type", "SCALAR");
                write_scalar(json, attribute.milli);
                break;
            case FakeAttribute::Kind::ranges:
                json.text("type", "RANGES");
                write_ranges(json, attribute.ranges);
                break;
            case FakeAttribute::Kind::set:
                json.text("type", "SET");
                write_set(json, attribute.items);
                break;
        }
        json.end_object();
    }
    json.end_array();
}

void write_attributes(Json& json, const std::vector<FakeAttribute>& attributes) {
    json.begin_object("attributes");
    for (const FakeAttribute& attribute : attributes) {
        if (attribute.kind == FakeAttribute::Kind::scalar) {
            json.number(attribute.name, static_cast<double>(attribute.milli) / unit);
        } else {
            json.text(attribute.name, format_attribute(attribute));
        }
    }
    json.end_object();
}

void write_domain(Json& json, std::string_view region, std::string_view zone) {
    if (region.empty()) {
        return;
    }
    json.begin_object("domain").begin_object("fault_domain");
    json.begin_object("region").text("name", region).end_object();
    json.begin_object("zone").text("name", zone).end_object();
    json.end_object().end_object();
}

}  // namespace caretaker::sandbox
