"""What both of openai-python's clients take and give, as the plain values of a call."""

from pathlib import Path


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
