"""BPI 2012, a bank's loan applications, as an activity log.

A case is a chain. Offers sent are our quotes, W_Nabellen offertes our calls after an
offer, W_Nabellen incomplete dossiers our calls for papers; the customer reacts by
sending the offer back. The times are working days of Monday to Friday, 8 to 16.
"""

from __future__ import annotations

import csv
import gzip
from datetime import datetime
from itertools import groupby

from tests.support.event_logs import event_log

from veriga.common.working_time import WorkingCalendar
from veriga.insight.rules.log import ActivityLog, Side

from .logs import Row, log_of

KINDS = {
    ("O_SENT", "COMPLETE"): ("quote", Side.OUT),
    ("W_Nabellen offertes", "START"): ("call", Side.OUT),
    ("W_Nabellen incomplete dossiers", "START"): ("call_for_papers", Side.OUT),
    ("W_Afhandelen leads", "START"): ("lead", Side.OUT),
    ("W_Completeren aanvraag", "START"): ("completing", Side.OUT),
    ("W_Valideren aanvraag", "START"): ("validating", Side.INTERNAL),
    ("A_SUBMITTED", "COMPLETE"): ("reply", Side.IN),
    ("O_SENT_BACK", "COMPLETE"): ("reply", Side.IN),
}
CLOSES = {"A_DECLINED", "A_CANCELLED", "A_ACTIVATED"}


def bpi2012() -> ActivityLog:
    """Return the log of all cases; skips the test where the file is not there."""
    calendar = WorkingCalendar(("NL",))
    chains, ended, now = [], [], 0.0
    with gzip.open(event_log("bpi2012/bpi2012_events.csv.gz"), "rt") as file:
        for _, events in groupby(csv.DictReader(file), key=lambda e: e["case_id"]):
            rows, end = [], float("nan")
            for event in events:
                at = calendar.clock(datetime.fromisoformat(event["timestamp"]))
                now = max(now, at)
                what = KINDS.get((event["activity"], event["lifecycle"]))
                if what is not None:
                    rows.append(Row(*what, at))
                if event["activity"] in CLOSES:
                    end = at
            chains.append(rows)
            ended.append(end)
    return log_of(chains, now=now, ended=ended)
