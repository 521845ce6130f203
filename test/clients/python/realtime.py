"""Transcribes a file of raw sound (24 kHz) in a realtime session of openai-python; prints events as JSON, one a line.

Arguments: base URL, key, path of the sound.
"""

import asyncio
import base64
import json
import sys

import openai

TRANSCRIPTION = "conversation.item.input_audio_transcription"


async def main(base_url, api_key, path):
    client = openai.AsyncOpenAI(base_url=base_url, api_key=api_key)
    query = {"intent": "transcription"}
    async with client.realtime.connect(extra_query=query) as connection:
        await connection.session.update(
            session={
                "type": "transcription",
                "audio": {
                    "input": {
                        "transcription": {"model": "gpt-4o-transcribe-diarize"},
                        "turn_detection": None,
                    }
                },
            }
        )
        with open(path, "rb") as sound:
            while piece := sound.read(48_000):
                await connection.input_audio_buffer.append(audio=base64.b64encode(piece).decode())
        await connection.input_audio_buffer.commit()
        async for event in connection:
            print(json.dumps({"class": type(event).__name__, **event.model_dump()}), flush=True)
            if event.type in (f"{TRANSCRIPTION}.completed", "error"):
                break


asyncio.run(main(*sys.argv[1:]))
