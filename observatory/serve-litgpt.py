"""LitGPT with its own form of the model, which is made of a Hugging Face folder and thrown away at the end."""
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from litgpt.config import Config
from litgpt.scripts.convert_hf_checkpoint import copy_weights_hf_llama
from litgpt.utils import save_config
from safetensors.torch import load_file

port, model = sys.argv[1], Path(sys.argv[2])
signal.signal(signal.SIGTERM, lambda *_: sys.exit())


def convert(folder):
    of = json.loads((model / "config.json").read_text())
    config = Config(
        name=model.name,
        block_size=of["max_position_embeddings"],
        vocab_size=of["vocab_size"],
        padded_vocab_size=of["vocab_size"],
        n_layer=of["num_hidden_layers"],
        n_head=of["num_attention_heads"],
        n_query_groups=of["num_key_value_heads"],
        n_embd=of["hidden_size"],
        head_size=of["head_dim"],
        rotary_percentage=1.0,
        parallel_residual=False,
        bias=False,
        norm_class_name="RMSNorm",
        norm_eps=of["rms_norm_eps"],
        mlp_class_name="LLaMAMLP",
        intermediate_size=of["intermediate_size"],
    )
    weights = {}
    copy_weights_hf_llama(config, {}, weights, load_file(model / "model.safetensors"))
    torch.save(weights, folder / "lit_model.pth")
    save_config(config, folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "generation_config.json"):
        shutil.copy(model / name, folder)


with tempfile.TemporaryDirectory() as made:
    folder = Path(made) / model.name
    folder.mkdir()
    convert(folder)
    litgpt = Path(sys.executable).parent / "litgpt"
    options = ["--accelerator", "cpu", "--openai_spec", "true", "--port", port]
    sys.exit(subprocess.run([litgpt, "serve", folder, *options]).returncode)
