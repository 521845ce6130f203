"""Carries calls out with openai-python."""

import openai

from calls import run_calls
from openai_values import file_of, plain, refusal


def perform(call):
    client = openai.OpenAI(
        base_url=call["baseUrl"], api_key=call["apiKey"], max_retries=call["retries"]
    )
    events = []
    try:
        answer = ask(client, call)
        if not call["fields"].get("stream"):
            return {"value": plain(answer)}
        for event in answer:
            events.append(plain(event))
        return {"events": events}
    except openai.APIError as error:
        return {**({"events": events} if events else {}), "refusal": refusal(error)}


def ask(client, call):
    operation, fields = call["operation"], call["fields"]
    if operation == "list models":
        return client.models.list().data
    if operation == "retrieve model":
        return client.models.retrieve(fields["model"])
    resource = client.audio.transcriptions if operation == "transcribe" else client.audio.translations
    return resource.create(file=file_of(call["recording"]), **fields)


run_calls(perform)
