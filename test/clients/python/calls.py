"""What every client in Python does: reads calls, carries them out and prints one JSON line for each."""

import json
import sys
import traceback


def run_calls(perform):
    """Reads one call a line (see ../call.ts) until the input ends.

    Prints `{"outcome": …}` or `{"failure": …}` for each. `perform` takes a call and returns its outcome; what it
    raises is a failure of the test.
    """
    for line in sys.stdin:
        try:
            answer = {"outcome": perform(json.loads(line))}
        except Exception:
            answer = {"failure": traceback.format_exc()}
        # ASCII: whatever the encoding of the output is, it is the same.
        print(json.dumps(answer), flush=True)
