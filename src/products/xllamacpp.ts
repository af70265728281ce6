import { LaunchError } from '../launch/errors.ts';
import { pipPackage } from '../launch/prepare.ts';
import { type Recipe, type RecipeOptions, requireModel } from '../launch/recipe.ts';

/**
 * The wheel holds llama.cpp's own HTTP server and no program to start it. It runs in a thread, so the script only has
 * to stay; and to go when the process that wanted it is gone.
 */
const script = `
import json, os, signal, sys, time
import xllamacpp
if not hasattr(xllamacpp.Server, "listening_address"):
    sys.exit("this version of xllamacpp has no HTTP server")
wanted = json.loads(sys.argv[1])
params = xllamacpp.CommonParams()
params.model.path = wanted["model"]
if hasattr(params, "hostnames"):
    params.hostnames = [wanted["host"]]
else:
    params.hostname = wanted["host"]
params.port = wanted["port"]
params.n_ctx = wanted["contextLength"]
if wanted.get("servedModel"):
    alias = wanted["servedModel"]
    params.model_alias = alias if isinstance(params.model_alias, str) else {alias}
server = xllamacpp.Server(params)
parent = wanted.get("parent")
while parent is None or os.getppid() == parent:
    # Old ones put in a handler of their own, from their thread, that ends the server and leaves the process.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    time.sleep(0.2)
`;

/** Native llama.cpp out of a prebuilt wheel. */
export function xllamacpp({ contextLength = 2048, extraArgs = [] }: RecipeOptions): Recipe {
  const product = 'xllamacpp';
  if (extraArgs.length > 0) throw new LaunchError(`${product} takes no arguments: it is started by a script`);
  return {
    product,
    needsModel: true,
    readyPath: '/v1/models',
    ...pipPackage({ product, requirement: product }),
    command: ({ program }, { host, port, model, servedModel, keep }) => {
      const parent = keep ? undefined : process.pid;
      const wanted = { model: requireModel(product, model), host, port, contextLength, servedModel, parent };
      return { argv: [program, '-c', script, JSON.stringify(wanted)] };
    },
  };
}
