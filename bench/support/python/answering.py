"""A program that answers each line of JSON on stdin with one on stdout, for as long as its parent lives."""

import ctypes
import json
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def answer_lines(peer):
    """Calls the method of `peer` that the message's `type` names with the rest of the message."""
    end_with_parent()
    answers = take_stdout()
    for line in sys.stdin:
        message = json.loads(line)
        try:
            answer = getattr(peer, message.pop("type"))(**message)
        except Exception as error:  # whatever a peer cannot do is its result
            answer = {"type": "failed", "message": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def take_stdout():
    """The real stdout; what native code prints goes to stderr from now on."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def end_with_parent():
    """Native code that computes for minutes would not see that stdin has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
