"""Print what pm4py finds in an event log, as JSON: run in an environment of its own.

python pm4py_map.py LOG.csv, whose columns are case, activity, time. pm4py is under the
AGPL: nothing of Veriga imports it, and this file imports nothing of Veriga.
"""

import json
import sys

import pandas
import pm4py

frame = pm4py.format_dataframe(
    pandas.read_csv(sys.argv[1]),
    case_id="case",
    activity_key="activity",
    timestamp_key="time",
    timest_format="ISO8601",
)
counts, starts, ends = pm4py.discover_dfg(frame)
medians = {
    pair: values["median"]
    for pair, values in pm4py.discover_performance_dfg(frame)[0].items()
}
ways = pm4py.get_variants(frame)
sys.stdout.write(
    json.dumps(
        {
            "version": pm4py.__version__,
            "counts": [[*pair, n] for pair, n in counts.items()],
            "medians": [[*pair, seconds] for pair, seconds in medians.items()],
            "starts": starts,
            "ends": ends,
            "variants": len(ways),
        }
    )
)
