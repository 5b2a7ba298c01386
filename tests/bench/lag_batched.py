#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lag of all groups by the client library for Python, batched as well as its interface allows: what
`caretaker lag` is measured beside. Needs confluent-kafka 2.3 or later (pip install confluent-kafka).

Usage: lag_batched.py BOOTSTRAP_SERVERS > rows.csv
"""

import sys

from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec


def main(servers):
    admin = AdminClient({"bootstrap.servers": servers})
    groups = [g.group_id for g in admin.list_consumer_groups().result().valid]
    # The library takes one group a call; all calls are in flight at once.
    pending = [
        (g, admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(g)])[g]) for g in groups
    ]
    commits = {}
    for group, future in pending:
        commits[group] = [p for p in future.result().topic_partitions if p.offset >= 0]
    wanted = {(p.topic, p.partition) for rows in commits.values() for p in rows}
    ends = admin.list_offsets({TopicPartition(t, p): OffsetSpec.latest() for t, p in wanted})
    end_of = {(tp.topic, tp.partition): f.result().offset for tp, f in ends.items()}
    out = sys.stdout
    out.write("group,topic,partition,current_offset,log_end_offset,lag\n")
    for group, rows in commits.items():
        for p in rows:
            end = end_of[(p.topic, p.partition)]
            out.write(f"{group},{p.topic},{p.partition},{p.offset},{end},{max(0, end - p.offset)}\n")


if __name__ == "__main__":
    main(sys.argv[1])
