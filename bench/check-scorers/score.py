"""Scores hypotheses with pyannote.metrics (DER, read from RTTM) and meeteval (cpWER, from SegLST).

score.py CASES.json
CASES.json: [{"referenceRttm", "hypothesisRttm", "referenceWords", "hypothesisWords"}], paths; words (SegLST) may be missing.
Prints one object for each case, as a JSON list.
"""

import json
import os
import sys
import warnings

import meeteval
from pyannote.core import Annotation
from pyannote.database.util import load_rttm
from pyannote.metrics.diarization import DiarizationErrorRate

# It says for each file that the whole of it is scored, which is what is wanted.
warnings.filterwarnings("ignore")


def turns_of(path):
    # pandas refuses an empty file; nobody spoke is a hypothesis too.
    if os.path.getsize(path) == 0:
        return Annotation()
    (annotation,) = load_rttm(path).values()
    return annotation


def diarization_errors(case):
    reference, hypothesis = turns_of(case["referenceRttm"]), turns_of(case["hypothesisRttm"])
    hypothesis.uri = reference.uri
    errors = DiarizationErrorRate(collar=0.0, skip_overlap=False)(reference, hypothesis, detailed=True)
    return {
        "miss": errors["missed detection"],
        "falseAlarm": errors["false alarm"],
        "confusion": errors["confusion"],
        "speech": errors["total"],
        "rate": errors["diarization error rate"],
        "referenceSpeakers": len(reference.labels()),
        "hypothesisSpeakers": len(hypothesis.labels()),
    }


def words_of(path):
    with open(path, encoding="utf-8") as file:
        return meeteval.io.SegLST(json.load(file))


def word_errors(case):
    reference, hypothesis = (words_of(case[side]) for side in ("referenceWords", "hypothesisWords"))
    errors = meeteval.wer.cpwer(reference, hypothesis)
    (result,) = errors.values()
    return {"errors": result.errors, "referenceWords": result.length, "rate": result.error_rate}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    results = []
    for case in cases:
        result = {"diarization": diarization_errors(case)}
        if "referenceWords" in case:
            result["words"] = word_errors(case)
        results.append(result)
    json.dump(results, sys.stdout)


main()
