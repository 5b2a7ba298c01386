// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_overlay_model.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace caretaker {

namespace {

class Overlay {
 public:
    Overlay(const PlannedApp& planned, const MarathonApp& running)
        : planned_(planned), running_(running), app_(planned.app) {}

    MarathonApp make() {
        keep_unless("instances", &MarathonApp::instances);
        keep_unless("cpus", &MarathonApp::cpus);
        keep_unless("mem", &MarathonApp::mem);
        keep_unless("gpus", &MarathonApp::gpus);
        keep_unless("role", &MarathonApp::role);
        keep_unless("acceptedResourceRoles", &MarathonApp::accepted_roles);
        keep_unless("constraints", &MarathonApp::constraints);
        keep_unless("labels", &MarathonApp::gpu_behavior);
        keep_unless("upgradeStrategy", &MarathonApp::min_health);
        keep_unless("upgradeStrategy", &MarathonApp::over_capacity);
        keep_unless("killSelection", &MarathonApp::kills_oldest_first);
        keep_disks();
        keep_ports();
        return std::move(app_);
    }

 private:
    [[nodiscard]] bool names(std::string_view member) const {
        return std::ranges::find(planned_.named, member) != planned_.named.end();
    }

    template <typename T>
    void keep_unless(std::string_view member, T MarathonApp::*value) {
        if (!names(member)) {
            app_.*value = running_.*value;
        }
    }

    /// `disk` is scratch alone, volumes stand in `container`.
    void keep_disks() {
        const auto scratch = [](const MarathonApp& app) { return app.disk - app.volume_disk; };
        keep_unless("container", &MarathonApp::volume_disk);
        keep_unless("container", &MarathonApp::has_disk_volumes);
        app_.disk = scratch(names("disk") ? planned_.app : running_) + app_.volume_disk;
        if (!names("container") && !names("residency")) {
            app_.is_resident = running_.is_resident;
        }
    }

    /// A container without mappings says nothing about ports: they may stand in portDefinitions.
    void keep_ports() {
        const bool has_any = !planned_.app.static_ports.is_empty() ||
                             planned_.app.dynamic_ports > 0 || planned_.app.wants_impossible_port;
        if (names("ports") || names("portDefinitions") || (names("container") && has_any)) {
            return;
        }
        if (names("requirePorts")) {
            throw UsageError(
                fmt::format("--plan: {}: requirePorts is about the ports of the app; name them, "
                            "too, by portDefinitions",
                            running_.id));
        }
        app_.static_ports = running_.static_ports;
        app_.dynamic_ports = running_.dynamic_ports;
        app_.wants_impossible_port = running_.wants_impossible_port;
    }

    const PlannedApp& planned_;
    const MarathonApp& running_;
    MarathonApp app_;
};

}  // namespace

MarathonApp overlay_app(const PlannedApp& planned, const MarathonApp& running) {
    return planned.is_whole ? planned.app : Overlay(planned, running).make();
}

bool may_restart(const PlannedApp& planned) {
    return planned.is_whole || std::ranges::any_of(planned.named, [](const std::string& member) {
               return member != "id" && member != "instances" && member != "mode";
           });
}

}  // namespace caretaker
