"""Serves llama-cpp-python with token usage in streams, by the same flags as `python -m llama_cpp.server`:

    python usage_server.py --model model.gguf --port 8000

A stream that asks with `stream_options: {"include_usage": true}` ends with a chunk that carries its usage; one that does
not ask stays as it was. Tokens are counted where they are made, and answers without streaming carry the same counts.
"""

import contextvars
import functools
import inspect
import sys
import typing

# The counts of a request, over all the generations that it takes: choosing a tool is one of its own.
current = contextvars.ContextVar("current")


class PatientLock:
    """The lock by which the server sees that a new request waits, and cuts the stream that runs: but not between a
    finish and its usage."""

    ending = False

    def __init__(self, lock):
        self.lock = lock

    def __getattr__(self, name):
        return getattr(self.lock, name)

    def locked(self):
        return not self.ending and self.lock.locked()


def counting_generate(generate, is_end):
    @functools.wraps(generate)
    def counted(self, tokens, *args, **kwargs):
        count = current.get(None) or new_count()
        count["prompt_tokens"] += len(tokens)
        for token in generate(self, tokens, *args, **kwargs):
            count["completion_tokens"] += not is_end(self, token)
            yield token

    return counted


def counting_create(create, lock):
    @functools.wraps(create)
    def counted(self, *args, stream_options=None, **kwargs):
        # The server takes each chunk in another thread, so the counts go along in a context of this request alone.
        count, context = new_count(), contextvars.copy_context()
        context.run(current.set, count)
        answer = context.run(create, self, *args, **kwargs)
        if kwargs.get("stream"):
            asked = isinstance(stream_options, dict) and stream_options.get("include_usage") is True
            return with_usage(answer, count, context, lock) if asked else answer
        # The server itself miscounts an empty prompt, and tools that the model chose.
        return {**answer, **usage_of(count)}

    return counted


def with_usage(chunks, count, context, lock):
    envelope = None
    try:
        while (chunk := context.run(next, chunks, None)) is not None:
            envelope = {key: chunk[key] for key in ("id", "object", "created", "model")}
            lock.ending = any(choice["finish_reason"] for choice in chunk["choices"])
            yield {**chunk, "usage": None}
        if envelope and usage_of(count):
            yield {**envelope, "choices": [], **usage_of(count)}
    finally:
        lock.ending = False


def new_count():
    return {"prompt_tokens": 0, "completion_tokens": 0}


def usage_of(count):
    # Where no prompt was seen nothing was counted, and what is not known is not 0.
    return {"usage": {**count, "total_tokens": sum(count.values())}} if count["prompt_tokens"] else {}


def must(holds, what):
    if not holds:
        raise LookupError(what)


def install():
    """Wraps what makes tokens and answers. Raises where the version is not as it is known here."""
    import llama_cpp
    from llama_cpp import Llama
    from llama_cpp.server import types
    from pydantic import create_model

    # The server hands every field of a request on. Its routes take these names as they are defined: by the import below.
    requests = {name: getattr(types, name) for name in ("CreateCompletionRequest", "CreateChatCompletionRequest")}
    for name, request in requests.items():
        must("stream_options" not in request.model_fields, "the server knows stream_options itself")
        requests[name] = create_model(name, __base__=request, stream_options=(typing.Any, None))
        setattr(types, name, requests[name])
    from llama_cpp.server import app

    for request, route in zip(requests.values(), (app.create_completion, app.create_chat_completion)):
        must(typing.get_type_hints(route)["body"] is request, f"{route.__name__} takes another request")
        must("model_dump" in route.__code__.co_names, f"{route.__name__} hands its request on in another way")
    must("llama_outer_lock" in app.get_event_publisher.__code__.co_names, "streams are cut in another way")
    app.llama_outer_lock = PatientLock(app.llama_outer_lock)

    # Which token ends an answer is asked as the version asks it: the function was renamed, and takes another handle.
    names = Llama._create_completion.__code__.co_names
    end = next((name for name in ("llama_vocab_is_eog", "llama_token_is_eog") if name in names), None)
    handle = "vocab" if "vocab" in names else "model"
    must(end and "generate" in names, "Llama._create_completion makes tokens in another way")
    must("_create_completion" in Llama.create_completion.__code__.co_names, "Llama.create_completion is another")
    must("create_completion" in Llama.__call__.__code__.co_names, "Llama.__call__ is another")
    must(inspect.isgeneratorfunction(Llama.generate), "Llama.generate is no generator")
    must([*inspect.signature(Llama.generate).parameters][1] == "tokens", "Llama.generate takes no tokens")
    Llama.generate = counting_generate(
        Llama.generate, lambda llama, token: getattr(llama_cpp, end)(getattr(llama._model, handle), token)
    )
    for name in ("__call__", "create_chat_completion"):
        create = getattr(Llama, name)
        parameters = inspect.signature(create).parameters
        must("stream" in parameters and "stream_options" not in parameters, f"Llama.{name} takes other options")
        setattr(Llama, name, counting_create(create, app.llama_outer_lock))


try:
    install()
    from llama_cpp.server.__main__ import main
    from llama_cpp.server.app import create_app  # For `uvicorn --factory usage_server:create_app`.
except Exception as error:
    version = getattr(sys.modules.get("llama_cpp"), "__version__", "(no version)")
    reason = " ".join(f"{type(error).__name__}: {error}".split())
    sys.exit(f"usage_server.py: not started: llama-cpp-python {version} is not as this file knows it ({reason})")

if __name__ == "__main__":
    main()
