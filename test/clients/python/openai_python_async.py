"""Carries calls out with openai-python's asynchronous client."""

import asyncio

import openai

from calls import run_calls
from openai_values import file_of, plain, refusal


def perform(call):
    return asyncio.run(perform_async(call))


async def perform_async(call):
    events = []
    async with openai.AsyncOpenAI(
        base_url=call["baseUrl"], api_key=call["apiKey"], max_retries=call["retries"]
    ) as client:
        try:
            answer = await ask(client, call)
            if not call["fields"].get("stream"):
                return {"value": plain(answer)}
            async for event in answer:
                events.append(plain(event))
            return {"events": events}
        except openai.APIError as error:
            return {**({"events": events} if events else {}), "refusal": refusal(error)}


async def ask(client, call):
    operation, fields = call["operation"], call["fields"]
    if operation == "list models":
        return (await client.models.list()).data
    if operation == "retrieve model":
        return await client.models.retrieve(fields["model"])
    resource = client.audio.transcriptions if operation == "transcribe" else client.audio.translations
    return await resource.create(file=file_of(call["recording"]), **fields)


run_calls(perform)
