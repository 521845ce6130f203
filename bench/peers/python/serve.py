"""faster-whisper base (int8) and sherpa-onnx's diarization, as a Python program would use them one after the other.

One JSON object a line on stdin, one a line on stdout:
{"type": "load", "segmentation": PATH, "embedding": PATH, "threads": N, "threshold": X} -> {"type": "ready"}
{"type": "recognise", "path": WAV, "beam": N} -> {"type": "heard", "words": [{"text", "start", "end"}, ...]}
{"type": "diarize", "path": WAV} -> {"type": "heard", "turns": [{"speaker", "start", "end"}, ...]}
Whatever fails is answered with {"type": "failed", "message": TEXT}. Ends with its stdin. WAV: 16 kHz mono, 16 bit.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support", "python"))

from answering import answer_lines  # noqa: E402
from whisper_base import load_whisper  # noqa: E402


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
