#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Documents of a made cluster for `caretaker leftovers --input FOLDER`, the same for the same seed.

leftovers_documents.py SEED AGENTS APPS TASKS_PER_AGENT FOLDER
"""
import json
import os
import random
import sys
import uuid


def scalar(name, value, role, **more):
    return {"name": name, "type": "SCALAR", "scalar": {"value": value}, "role": role, **more}


def ports(begin, end):
    return {"name": "ports", "type": "RANGES", "ranges": {"range": [{"begin": begin, "end": end}]}, "role": "*"}


def agent(lot, seed, agents, i):
    """Mostly full; of three sizes, some with GPUs, with reservations, without a zone, deactivated."""
    cpus = 8 << (i % 3)
    mem = cpus * 4096
    used = float(cpus - lot.randrange(0, max(1, cpus // 4)))
    used_mem = float(mem - lot.randrange(0, mem // 4))
    gpus = 2.0 if i % 17 == 0 else 0.0
    unreserved = [scalar("cpus", float(cpus), "*"), scalar("mem", float(mem), "*"), scalar("disk", 500000.0, "*"),
                  ports(31000, 32000)]
    if gpus:
        unreserved.append(scalar("gpus", gpus, "*"))
    reserved = {}
    if i % 5 == 0:
        reserved = {"logs": [scalar("cpus", 2.0, "logs", reservations=[{"type": "STATIC", "role": "logs"}])]}
    attributes = {"rack": f"r{i // max(3, agents // 40)}", "zone": f"z{i % 3}", "kind": f"k{i % 3}"}
    if i % 11 == 0:
        del attributes["zone"]
    made = {
        "id": f"a9c1b6b4-1f7f-4a3d-8a3c-{seed:012x}-S{i}", "hostname": f"agent-{i:06d}.example",
        "pid": f"slave(1)@10.{i >> 16}.{i >> 8 & 255}.{i & 255}:5051", "registered_time": 1795345600.5,
        "active": i % 97 != 3, "attributes": attributes, "version": "1.11.0",
        "resources": {"cpus": cpus + (2.0 if reserved else 0.0), "gpus": gpus, "mem": float(mem), "disk": 500000.0,
                      "ports": "[31000-32000]"},
        "used_resources": {"cpus": used, "mem": used_mem, "disk": 0.0, "gpus": 0.0, "ports": "[31990-32000]"},
        "offered_resources": {"cpus": 0.0, "gpus": 0.0, "mem": 0.0, "disk": 0.0}, "reserved_resources": {},
        "unreserved_resources": {"cpus": float(cpus), "mem": float(mem), "disk": 500000.0, "ports": "[31000-32000]"},
        "reserved_resources_full": reserved, "unreserved_resources_full": unreserved,
        "used_resources_full": [scalar("cpus", used, "*"), scalar("mem", used_mem, "*"), ports(31990, 32000)],
        "offered_resources_full": [], "capabilities": ["MULTI_ROLE"]}
    if i % 97 == 3:
        made["deactivated"] = True
    return made


def app(lot, i, instances):
    made = {"id": f"/group-{i % 50}/app-{i:05d}", "instances": instances, "cpus": 0.1 * (1 + lot.randrange(60)),
            "mem": 64 * (1 + lot.randrange(200)), "disk": 0, "gpus": 1 if i % 31 == 6 else 0,
            "versionInfo": {"lastConfigChangeAt": "2026-11-01T00:00:00.000Z"}}
    if lot.random() < .3:
        made["portDefinitions"] = [{"port": 10000 + k} for k in range(1 + lot.randrange(2))]
    if i % 23 == 7:
        made["portDefinitions"] = [{"port": 31005 + i % 50}]
        made["requirePorts"] = True
    constraints = {0: [["rack", "LIKE", f"r[0-9]*{i % 10}"]], 1: [["hostname", "UNIQUE"]],
                   2: [["zone", "GROUP_BY", "3"]]}.get(i % 5)
    constraints = constraints or {3: [["rack", "MAX_PER", "4"], ["zone", "GROUP_BY"]], 8: [["rack", "GROUP_BY"]],
                                  13: [["rack", "CLUSTER"]]}.get(i % 20)
    if constraints:
        made["constraints"] = constraints
    if i % 13 == 4:
        made["role"] = "logs"
    if i % 29 == 5:
        made["residency"] = {"relaunchEscalationTimeoutSeconds": 3600}
    return made


def task(lot, name, slaves):
    """Some unreachable, of an older definition, or on an agent that nobody knows."""
    place = slaves[lot.randrange(len(slaves))]
    return {"ipAddresses": [{"ipAddress": "10.0.0.1", "protocol": "IPv4"}], "stagedAt": "2026-11-02T10:00:00.000Z",
            "state": "TASK_RUNNING" if lot.random() < .99 else "TASK_UNREACHABLE",
            "ports": [31000 + lot.randrange(900)], "startedAt": "2026-11-02T10:00:05.000Z",
            "version": "2026-11-02T00:00:00.000Z" if lot.random() < .97 else "2026-10-02T00:00:00.000Z",
            "id": f"{name[1:].replace('/', '_')}.instance-{uuid.UUID(int=lot.getrandbits(128))}._app.1",
            "appId": name, "slaveId": place["id"] if lot.random() < .995 else "gone", "host": place["hostname"]}


def main():
    seed, agents, apps, per_agent = (int(word) for word in sys.argv[1:5])
    folder = sys.argv[5]
    os.makedirs(folder, exist_ok=True)
    lot = random.Random(seed)
    count = agents * per_agent
    slaves = [agent(lot, seed, agents, i) for i in range(agents)]
    known = [app(lot, i, count // apps) for i in range(apps)]
    documents = {"slaves": {"slaves": slaves}, "apps": {"apps": known},
                 "info": {"version": "1.8.222", "leader": "m:8080", "marathon_config": {"mesos_role": "*"}},
                 "queue": {"queue": [{"app": {"id": known[0]["id"]}, "count": 2}]}}
    for name, document in documents.items():
        with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
            json.dump(document, file)
    with open(os.path.join(folder, "tasks.json"), "w", encoding="utf-8") as file:
        file.write('{"tasks":[')
        for k in range(count):
            one = task(lot, known[k * apps // count]["id"], slaves)
            file.write(("," if k else "") + json.dumps(one, separators=(",", ":")))
        file.write("]}")


main()
