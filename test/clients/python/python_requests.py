"""Carries calls out with requests."""

import json
from pathlib import Path
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from calls import run_calls

PATHS = {
    "transcribe": "/audio/transcriptions",
    "translate": "/audio/translations",
    "list models": "/models",
}


def perform(call):
    with requests.Session() as session:
        session.headers["Authorization"] = "Bearer " + call["apiKey"]
        session.mount("http://", HTTPAdapter(max_retries=retries(call["retries"])))
        response = ask(session, call)
        response.encoding = response.encoding or "utf-8"
        return {
            "status": response.status_code,
            "contentType": response.headers.get("content-type", ""),
            "body": response.text,
        }


def retries(count):
    """Also after answers, as those who use it in earnest set it."""
    return Retry(total=count, status_forcelist=[429, 503], allowed_methods=None, raise_on_status=False)


def ask(session, call):
    operation, fields = call["operation"], call["fields"]
    if operation == "retrieve model":
        return session.get(call["baseUrl"] + "/models/" + quote(fields["model"], safe=""))
    url = call["baseUrl"] + PATHS[operation]
    if operation == "list models":
        return session.get(url)
    with open(call["recording"]["path"], "rb") as file:
        return session.post(url, **body_of(call, file))


def body_of(call, file):
    """A form; as a stream, one that is sent in chunks."""
    kind = call["recording"]["as"]
    name = None if kind == "nameless bytes" else Path(call["recording"]["path"]).name
    form = {
        "files": {"file": (name, file if kind == "file" else file.read())},
        "data": form_fields(call["fields"]),
    }
    if kind != "stream":
        return form
    prepared = requests.Request("POST", "http://localhost/", **form).prepare()
    return {"data": pieces(prepared.body), "headers": {"Content-Type": prepared.headers["Content-Type"]}}


def pieces(body):
    for at in range(0, len(body), 65536):
        yield body[at : at + 65536]


def form_fields(fields):
    """Lists as `name[]` once for each item, members as one JSON text."""
    pairs = []
    for name, value in fields.items():
        if isinstance(value, list):
            pairs += [(name + "[]", item) for item in value]
        elif isinstance(value, dict):
            pairs.append((name, json.dumps(value)))
        else:
            pairs.append((name, str(value).lower() if isinstance(value, bool) else str(value)))
    return pairs


run_calls(perform)
