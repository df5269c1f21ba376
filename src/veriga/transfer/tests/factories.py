"""Event logs and mappings, written into a folder of a test."""

from __future__ import annotations

import gzip
from pathlib import Path

MAPPING = """
[log]
name = "tickets"
title = "Tickets"

[columns]
case = "case"
activity = "what"
start = "when"
owner = "who"
company = "customer"
amount = "amount"

[time]
zone = "Europe/Ljubljana"

[company]
name = "Stranka {value}"

[outcome]
won = "order"
lost = ["refusal"]

[[activities]]
match = "ask"
kind = "event"
type = "enquiry"

[[activities]]
match = "offer"
kind = "quote"

[[activities]]
match = "order"
kind = "event"
type = "order"
type_sl = "Naročilo"
type_en = "Order"
direction = "in"

[[activities]]
match = "refusal"
kind = "event"
type = "email_in"

[[activities]]
match = "note*"
kind = "task"

[[activities]]
match = "noise"
kind = "skip"
"""

LOG = """\
case,what,when,who,customer,amount
1,ask,2026-01-12 09:00,Ana,A,
1,noise,2026-01-12 09:01,Ana,A,
2,ask,2026-01-12T10:00:00+01:00,Bo,B,
1,offer,2026-01-14 11:00,Ana,A,1200.50
1,note of a call,2026-01-13 08:00,,A,
1,order,2026-01-20 12:00,Ana,A,
2,refusal,2026-01-22 12:00,Bo,B,
3,ask,2026-02-01 09:00,Ana,A,
4,noise,2026-02-01 09:00,Ana,A,
"""

XES = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <string key="concept:name" value="about the log"/>
  <trace>
    <string key="concept:name" value="1"><string key="inner" value="x"/></string>
    <event>
      <string key="concept:name" value="ask &amp; wait"/>
      <date key="time:timestamp" value="2026-01-12T09:00:00.000+01:00"/>
    </event>
    <event>
      <string key="org:resource" value="Ana"/>
      <string key="concept:name" value="order"/>
      <date key="time:timestamp" value="2026-01-13T09:00:00.000+01:00"/>
    </event>
  </trace>
</log>
"""


def written(folder: Path, text: str, name: str = "log.csv") -> Path:
    """Return the path of a new file with this text, packed if the name says so."""
    path = folder / name
    data = text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path
