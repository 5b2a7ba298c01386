#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`caretaker rotate` beside Elastic Curator and beside the same deletions by hand, at one real server:
1 000 indices, of which 899 go. All of them speak to it through a relay that counts the requests.

Usage: rotate_beside_curator.py --url http://127.0.0.1:9200 --pid PID --caretaker FILE [--curator PYTHON] [--rounds N]

PID is the server's process, whose CPU time is read from /proc. PYTHON is a Python that has Curator: the tests
of the engines make one in ~/.cache/caretaker-engines/curator-5.8.4/bin/python, and `pip install
elasticsearch-curator==8.0.21` in a virtual environment makes another. The server loses all indices that begin
with `logs-`; it needs a heap of 1 GB to make as many again and again. What is not Curator's is measured N times.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

OLD = [f"logs-{i:04d}-2020.01.01" for i in range(899)]
NEW = [f"logs-{i:04d}-2999.01.01" for i in range(899, 1000)]
BY_HAND = 5  # requests; each line stays below the 4 096 bytes that servers take
SETTLE_S = 3  # what the server still does after its last answer

ACTIONS = """actions:
  1:
    action: delete_indices
    filters:
    - {filtertype: pattern, kind: prefix, value: logs-}
    - {filtertype: age, source: name, direction: older, timestring: '%Y.%m.%d', unit: days, unit_count: 30}
"""


CLIENT = "client: {{hosts: ['{}'], timeout: 120}}\nlogging: {{loglevel: ERROR}}\n"
CLIENT_FROM_8_ON = "elasticsearch: {{client: {{hosts: ['{}'], request_timeout: 120}}}}\nlogging: {{loglevel: ERROR}}\n"


class Service:
    """Requests of this script itself; not counted."""

    def __init__(self, address):
        self.connection = http.client.HTTPConnection(*address, timeout=120)

    def send(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body else {}
        self.connection.request(method, path, body and json.dumps(body), headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status >= 300:
            sys.exit(f"{method} {path[:80]}: {response.status} {text[:300]!r}")
        return text

    def names(self):
        return set(self.send("GET", "/_cat/indices/logs-*?h=index").decode().split())

    def fill(self):
        there = self.names()
        for name in OLD + NEW:
            if name not in there:
                self.send("PUT", f"/{name}", {"settings": {"number_of_shards": 1, "number_of_replicas": 0}})


def relay(listener, server, requests):
    """Passes bytes on both ways and counts the request lines."""

    def copy(source, sink, counts):
        tail = b""
        try:
            while data := source.recv(65536):
                if counts:
                    text = tail + data
                    with requests.get_lock():
                        requests.value += text.count(b" HTTP/1.1\r\n")
                    tail = text[-10:]
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other side has gone

    while True:
        client, _ = listener.accept()
        upstream = socket.create_connection(server)
        for one in (client, upstream):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=copy, args=(client, upstream, True), daemon=True).start()
        threading.Thread(target=copy, args=(upstream, client, False), daemon=True).start()


def cpu_of(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def own_cpu():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in both)


def by_hand(address):
    service = Service(address)
    old = [name for name in sorted(service.names()) if "-2020." in name]
    size = -(-len(old) // BY_HAND)
    for start in range(0, len(old), size):
        service.send("DELETE", "/" + ",".join(old[start : start + size]))


def run(words):
    finished = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if finished.returncode != 0:
        sys.exit(f"{words}: {finished.returncode}\n{finished.stderr.decode()[-2000:]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--caretaker", required=True)
    parser.add_argument("--curator")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    parts = urllib.parse.urlsplit(options.url)
    server = (parts.hostname, parts.port)

    requests = multiprocessing.Value("q", 0)
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    passing = multiprocessing.Process(target=relay, args=(listener, server, requests), daemon=True)
    passing.start()
    url = f"http://{address[0]}:{address[1]}"

    version = 0
    if options.curator:
        words = "import importlib.metadata as m; print(m.version('elasticsearch-curator'))"
        release = subprocess.run([options.curator, "-c", words], capture_output=True, check=True).stdout.decode()
        version = int(release.split(".", maxsplit=1)[0])
        print(f"Curator {release.strip()}")

    service = Service(server)
    # A node takes no more than 1 000 shards unless told so.
    service.send("PUT", "/_cluster/settings", {"transient": {"cluster.max_shards_per_node": 3000}})
    with tempfile.TemporaryDirectory() as folder:
        actions = os.path.join(folder, "actions.yml")
        client = os.path.join(folder, "curator.yml")
        with open(actions, "w", encoding="utf-8") as file:
            file.write(ACTIONS)
        with open(client, "w", encoding="utf-8") as file:
            file.write((CLIENT_FROM_8_ON if version >= 8 else CLIENT).format(url))
        caretaker = [options.caretaker, "rotate", "--max-percent", "100", "--es-url", url, "--no-statsd", "-q"]
        caretaker += ["-o", "none", "--store", os.path.join(folder, "store.db"), actions]
        curator = [options.curator, "-c", "from curator.cli import cli; cli()", "--config", client, actions]
        runs = [
            ("by hand", lambda: by_hand(address), True),
            ("caretaker --dry-run", lambda: run(caretaker + ["--dry-run"]), False),
            ("caretaker", lambda: run(caretaker + ["--yes"]), True),
        ] * options.rounds
        if options.curator:
            runs += [
                ("curator --dry-run", lambda: run(curator[:3] + ["--dry-run"] + curator[3:]), False),
                ("curator", lambda: run(curator), True),
            ]
        print(f"{'what':22} {'wall s':>8} {'own CPU s':>10} {'server CPU s':>13} {'requests':>9}")
        for name, action, deletes in runs:
            service.fill()
            time.sleep(SETTLE_S)
            requests.value = 0
            used, own, start = cpu_of(options.pid), own_cpu(), time.monotonic()
            action()
            wall = time.monotonic() - start
            own = own_cpu() - own
            time.sleep(SETTLE_S)
            used = cpu_of(options.pid) - used
            print(f"{name:22} {wall:8.2f} {own:10.2f} {used:13.2f} {requests.value:9}", flush=True)
            left = service.names()
            if left != (set(NEW) if deletes else set(OLD + NEW)):
                sys.exit(f"{name}: {len(left)} indices are left")
    passing.terminate()


if __name__ == "__main__":
    main()
