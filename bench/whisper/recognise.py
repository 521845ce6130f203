"""Recognises segments with faster-whisper base, int8: greedy, one temperature, nothing of its own detector.

recognise.py SEGMENTS.json
SEGMENTS.json: [path of a 16 kHz mono WAV file, ...]. Prints the texts as a JSON list.
"""

import json
import os
import sys
import wave

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "python"))

from whisper_base import load_whisper  # noqa: E402


def samples_of(path):
    with wave.open(path) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    return data.astype(np.float32) / 32768


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        paths = json.load(file)
    model = load_whisper(threads=2)
    texts = []
    for path in paths:
        segments, _ = model.transcribe(
            samples_of(path),
            language="en",
            beam_size=1,
            temperature=0,
            vad_filter=False,
            condition_on_previous_text=False,
        )
        texts.append(" ".join(segment.text.strip() for segment in segments))
    print(json.dumps(texts))


main()
