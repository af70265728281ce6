"""Starts recipes/llama-cpp-python/usage_server.py as it is, and writes down what the model was really given and made:

    python usage-server-witness.py RECIPE LOG FLAGS…

One line of JSON in LOG for each generation: the prompt that was asked for, how many tokens stood in the model when the first
token was sampled, the ids of all tokens that were sampled, and the id that ends an answer. It looks where the recipe does
not: at the sampler and at the model's own position.
"""

import json
import os
import sys

recipe, log, *flags = sys.argv[1:]
sys.path.insert(0, os.path.dirname(recipe))
sys.argv = [recipe, *flags]

import usage_server
from llama_cpp import Llama

sample, create_completion = Llama.sample, Llama._create_completion
# One generation runs at a time: the server holds a lock as long as it lasts.
generation = {}


def watched_sample(self, *args, **kwargs):
    generation.setdefault("given", self.n_tokens)
    token = sample(self, *args, **kwargs)
    generation["made"].append(int(token))
    return token


def watched_completion(self, *args, **kwargs):
    global generation
    mine = generation = {"prompt": kwargs["prompt"], "made": [], "end": self.token_eos()}
    try:
        yield from create_completion(self, *args, **kwargs)
    finally:
        with open(log, "a") as out:
            out.write(json.dumps(mine) + "\n")


Llama.sample = watched_sample
Llama._create_completion = watched_completion
usage_server.main()
