"""Carries calls out with openai-python."""

from pathlib import Path

import openai

from calls import run_calls


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


def file_of(recording):
    """The recording in each of the ways that the client takes."""
    path = Path(recording["path"])
    if recording["as"] == "file":
        return path
    if recording["as"] == "stream":
        return path.open("rb")
    if recording["as"] == "bytes":
        return (path.name, path.read_bytes())
    return path.read_bytes()


def plain(answer):
    """Models as the fields that the gateway sent."""
    if isinstance(answer, list):
        return [plain(each) for each in answer]
    return answer if isinstance(answer, str) else answer.model_dump(exclude_unset=True)


def refusal(error):
    return {
        "name": type(error).__name__,
        "status": getattr(error, "status_code", None),
        "code": error.code,
        "param": error.param,
        "message": error.message,
    }


run_calls(perform)
