"""FastChat's three parts, one after the other: the API server is reached only when the worker has its model."""
import os
import socket
import subprocess
import sys
import tempfile
import time

host, port, model = sys.argv[1:]
# Otherwise each part writes its log where it is started.
logs = {**os.environ, "LOGDIR": os.path.join(tempfile.gettempdir(), "fastchat-logs")}


def free_port():
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def start(part, at, *more):
    words = [sys.executable, "-m", f"fastchat.serve.{part}", "--host", host, "--port", str(at), *more]
    return subprocess.Popen(words, env=logs)


def wait_for(at, process):
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((host, at)) == 0:
                return
        time.sleep(0.2)
    sys.exit(f"it ended with {process.returncode}")


controller, worker = free_port(), free_port()
address = f"http://{host}:{controller}"
wait_for(controller, start("controller", controller))
wait_for(
    worker,
    start(
        "model_worker", worker, "--model-path", model, "--device", "cpu",
        "--controller-address", address, "--worker-address", f"http://{host}:{worker}",
    ),
)
sys.exit(start("openai_api_server", port, "--controller-address", address).wait())
