import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkModel, launch } from '../../src/launch/launch.ts';
import type { LaunchTarget, Prepared, RecipeOptions } from '../../src/launch/recipe.ts';
import { splitWords } from '../../src/launch/shell-words.ts';
import { launchableProducts, recipeFor } from '../../src/products/recipe-for.ts';
import { serverScript, temporaryFolder } from './temporary.ts';

function target(more: Partial<LaunchTarget> = {}): LaunchTarget {
  return {
    host: '127.0.0.1',
    port: 40123,
    model: '/models/my model.gguf',
    servedModel: undefined,
    keep: false,
    scratchFolder: temporaryFolder(),
    ...more,
  };
}

const prepared = (version = '1.2.3'): Prepared => ({
  version,
  program: '/env/bin/python',
  packages: {},
  installedNow: false,
});

const argvOf = (product: string, options: RecipeOptions = {}, more: Partial<LaunchTarget> = {}) =>
  recipeFor(product, options).command(prepared(), target(more)).argv.slice(1);

describe('the words of a command', () => {
  it.each([
    [
      'docker run --rm -p {port}:8080 image:{version}',
      ['docker', 'run', '--rm', '-p', '{port}:8080', 'image:{version}'],
    ],
    [`a 'b c' "d \\"e\\" f" g\\ h ''`, ['a', 'b c', 'd "e" f', 'g h', '']],
    [`sh -c 'exec x "$LASTCHUNK_PORT" | tee log'`, ['sh', '-c', 'exec x "$LASTCHUNK_PORT" | tee log']],
    [`--json='{"a":1}' x?y=[1]*`, ['--json={"a":1}', 'x?y=[1]*']],
    ['  a\n  b\t', ['a', 'b']],
    ['', []],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it.each(['a | b', 'a && b', 'a; b', 'a > log', 'a $HOME', 'a "$HOME"', 'a `b`', 'a $(b)', 'a ~/b'])(
    'refuses %j, which needs a shell',
    (text) => {
      expect(() => splitWords(text)).toThrow('runs without a shell');
    },
  );

  it('refuses an open quote', () => {
    expect(() => splitWords(`a 'b`)).toThrow('open single quote');
    expect(() => splitWords('a "b')).toThrow('open double quote');
  });
});

describe('a command template', () => {
  it('is filled in word by word, so that no value becomes more than one', () => {
    const command = 'MODE=fast serve --port {port} --model={model} --host {host} img:{version} {{.ID}}';
    const { argv, env } = recipeFor('mine', { command }).command(prepared('1.0; rm -rf {port}'), target());
    expect(argv).toEqual([
      'serve',
      ...['--port', '40123', '--model=/models/my model.gguf', '--host', '127.0.0.1'],
      ...['img:1.0; rm -rf {port}', '{{.ID}}'],
    ]);
    expect(env).toEqual({
      MODE: 'fast',
      LASTCHUNK_PORT: '40123',
      LASTCHUNK_VERSION: '1.0; rm -rf {port}',
      LASTCHUNK_MODEL: '/models/my model.gguf',
      LASTCHUNK_HOST: '127.0.0.1',
      LASTCHUNK_UPSTREAM: '',
    });
  });

  it('may leave the port to a shell', () => {
    const command = 'sh -c \'serve "$LASTCHUNK_PORT"\'';
    const { argv, env } = recipeFor('mine', { command }).command(prepared('1.0'), target());
    expect(argv).toEqual(['sh', '-c', 'serve "$LASTCHUNK_PORT"']);
    expect(env?.LASTCHUNK_PORT).toBe('40123');
  });

  it('puts a gateway in front of another server', () => {
    const command = 'route --port {port} --to {upstream}/v1';
    const upstream = { baseUrl: 'http://127.0.0.1:9/', model: 'story' };
    const recipe = recipeFor('mine', { command, upstream });
    expect(recipe.command(prepared(), target()).argv.at(-1)).toBe('http://127.0.0.1:9/v1');
    expect(recipe.servedModel?.({ servedModel: undefined, model: undefined })).toBe('story');
    expect(() => recipeFor('mine', { command })).toThrow('in front of');
  });

  it('needs a model only when it names one', () => {
    expect(recipeFor('mine', { command: 'serve {port}' }).needsModel).toBe(false);
    const named = recipeFor('mine', { command: 'serve {port} {model}' });
    expect(named.needsModel).toBe(true);
    expect(() => checkModel(named, undefined)).toThrow('mine needs a model');
  });

  it.each([
    ['serve 8080', 'has no {port}'],
    ['serve {port} {ver}', 'has {ver}, which is none of {port}, {version}, {model}, {host}, {upstream}'],
    ['A={port}', 'names no program'],
    ['serve {port} | tee log', 'runs without a shell'],
  ])('%j is refused', (command, message) => {
    expect(() => recipeFor('mine', { command })).toThrow(message);
  });

  it('starts a server for real', async () => {
    const command = `'${process.execPath}' '${serverScript}' ok {port} {version}`;
    const server = await launch(recipeFor('my-server', { command }), '1.1.0', {
      cacheFolder: temporaryFolder(),
    });
    try {
      expect(server).toMatchObject({ product: 'my-server', version: '1.1.0', name: 'my-server 1.1.0' });
      expect((await fetch(server.baseUrl)).status).toBe(200);
    } finally {
      await server.stop();
    }
  });
});

describe('the recipe of', () => {
  it('llama-cpp-python', () => {
    expect(
      argvOf('llama-cpp-python', { extraArgs: ['--chat_format', 'chatml'] }, { servedModel: 'm' }),
    ).toEqual([
      ...[
        '-m',
        'llama_cpp.server',
        '--model',
        '/models/my model.gguf',
        '--host',
        '127.0.0.1',
        '--port',
        '40123',
      ],
      ...['--n_ctx', '2048', '--model_alias', 'm', '--chat_format', 'chatml'],
    ]);
  });

  it('xllamacpp, which watches this process unless it is to be kept', () => {
    const [, , watching] = argvOf('xllamacpp');
    expect(JSON.parse(watching ?? '')).toEqual({
      model: '/models/my model.gguf',
      host: '127.0.0.1',
      port: 40123,
      contextLength: 2048,
      parent: process.pid,
    });
    const [, , kept] = argvOf('xllamacpp', { contextLength: 512 }, { keep: true, servedModel: 'm' });
    expect(JSON.parse(kept ?? '')).toMatchObject({ contextLength: 512, servedModel: 'm' });
    expect(JSON.parse(kept ?? '')).not.toHaveProperty('parent');
  });

  it('vllm', () => {
    expect(argvOf('vllm')).toContain('vllm.entrypoints.openai.api_server');
    const recipe = recipeFor('vllm');
    expect(checkModel(recipe, 'Qwen/Qwen3-0.6B')).toBe('Qwen/Qwen3-0.6B');
    expect(() => checkModel(recipe, './no-such-folder')).toThrow(
      'there is no model file or folder ./no-such',
    );
    expect(recipe.startTimeoutMs).toBe(600_000);
    // Without it vLLM wants nearly all memory of the machine.
    const onCpu = recipeFor('vllm-cpu').command(prepared(), target({}));
    expect(onCpu.env).toEqual({ VLLM_CPU_KVCACHE_SPACE: process.env.VLLM_CPU_KVCACHE_SPACE ?? '1' });
  });

  it('llama.cpp, with a binary for each version', async () => {
    const folder = temporaryFolder();
    const binary = path.join(folder, 'b100', 'llama-server');
    mkdirSync(path.dirname(binary));
    writeFileSync(binary, '');
    chmodSync(binary, 0o755);
    const recipe = recipeFor('llama.cpp', { binary: path.join(folder, '{version}', 'llama-server') });
    const { program } = await recipe.prepare('b100', { cacheFolder: folder });
    expect(program).toBe(binary);
    await expect(recipe.prepare('b200', { cacheFolder: folder })).rejects.toThrow('--binary PATH');
    expect(argvOf('llama.cpp').slice(0, 2)).toEqual(['-m', '/models/my model.gguf']);
  });

  it('litellm, in front of another server, with a key of its own', () => {
    const recipe = recipeFor('litellm', { upstream: { baseUrl: 'http://127.0.0.1:9/', model: 'story' } });
    const place = target({ model: undefined });
    const { argv, env } = recipe.command(prepared(), place);
    expect(argv[0]).toBe('/env/bin/litellm');
    const config = parse(readFileSync(path.join(place.scratchFolder, 'litellm.yaml'), 'utf8'));
    expect(config.model_list[0]).toEqual({
      model_name: 'story',
      litellm_params: { model: 'openai/story', api_base: 'http://127.0.0.1:9/v1', api_key: 'none' },
    });
    expect(config.router_settings).toEqual({ disable_cooldowns: true });
    expect(recipe.apiKey).toMatch(/^sk-/);
    expect(env?.LITELLM_MASTER_KEY).toBe(recipe.apiKey);
    expect(argv).not.toContain(recipe.apiKey);
    expect(() => recipeFor('litellm')).toThrow('in front of');
  });

  it('portkey, in front of another server that each request names', () => {
    const recipe = recipeFor('portkey', { upstream: { baseUrl: 'http://127.0.0.1:9', model: 'story' } });
    expect(recipe.headers).toEqual({
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': 'http://127.0.0.1:9/v1',
    });
    expect(recipe.servedModel?.({ servedModel: undefined, model: undefined })).toBe('story');
    expect(recipe.command(prepared(), target()).argv.slice(1)).toEqual(['--headless', '--port=40123']);
    expect(() => recipeFor('portkey')).toThrow('in front of');
  });

  it('mlx-lm, on Linux from the first version that answers without Metal', async () => {
    expect(argvOf('mlx-lm')).toEqual([
      ...[
        '-m',
        'mlx_lm.server',
        '--model',
        '/models/my model.gguf',
        '--host',
        '127.0.0.1',
        '--port',
        '40123',
      ],
    ]);
    const recipe = recipeFor('mlx-lm');
    expect(recipe.servedModel?.({ servedModel: undefined, model: '/m' })).toBe('default_model');
    if (process.platform !== 'linux') return;
    await expect(recipe.prepare('0.25.2', { cacheFolder: temporaryFolder() })).rejects.toThrow('0.25.3');
  });

  it('transformers-serve, which is asked for the model by its path', () => {
    const recipe = recipeFor('transformers-serve');
    expect(recipe.servedModel?.({ servedModel: undefined, model: '/m' })).toBe('/m');
    expect(recipe.command(prepared(), target()).argv).toEqual([
      '/env/bin/transformers',
      ...['serve', '--device', 'cpu', '--host', '127.0.0.1', '--port', '40123'],
    ]);
  });

  it('ollama, which keeps to its own folder and makes the model once it is ready', async () => {
    const cacheFolder = temporaryFolder();
    const binary = path.join(cacheFolder, 'ollama');
    const script = [
      `#!${process.execPath}`,
      `const { spawnSync } = require('node:child_process'); const fs = require('node:fs');`,
      `const { OLLAMA_HOST, OLLAMA_MODELS, HOME } = process.env; const [verb, name, , file] = process.argv.slice(2);`,
      `if (verb === 'serve') process.argv.splice(2, 9, 'ok', OLLAMA_HOST.split(':')[1]), import(${JSON.stringify(serverScript)});`,
      `else fs.writeFileSync(${JSON.stringify(path.join(cacheFolder, 'created'))}, [name, OLLAMA_MODELS.startsWith(HOME), fs.readFileSync(file)].join('\\n'));`,
    ];
    writeFileSync(binary, script.join('\n'));
    chmodSync(binary, 0o755);
    const model = path.join(cacheFolder, 'model.gguf');
    writeFileSync(model, 'GGUF');
    const server = await launch(recipeFor('ollama', { binary }), '0.5.7', { cacheFolder, model });
    try {
      expect(server.servedModel).toBe('lastchunk');
      const created = readFileSync(path.join(cacheFolder, 'created'), 'utf8');
      expect(created).toBe(
        `lastchunk\ntrue\nFROM ${model}\nPARAMETER num_ctx 2048\nPARAMETER num_predict 2048\n`,
      );
    } finally {
      await server.stop();
    }
  });

  it('an unknown product says which there are', () => {
    expect(() => recipeFor('toString')).toThrow(launchableProducts.join(', '));
  });

  it.each(['1.0 --index-url x', '../../x', 'main'])(
    'a pip product refuses %j as a version',
    async (version) => {
      const made = recipeFor('xllamacpp').prepare(version, { cacheFolder: temporaryFolder() });
      await expect(made).rejects.toThrow('is no version of xllamacpp');
    },
  );

  it('any, with a model that is not there, fails before anything is installed', async () => {
    const launched = launch(recipeFor('xllamacpp'), '0.2.7', {
      cacheFolder: temporaryFolder(),
      model: '/no/model',
    });
    await expect(launched).rejects.toThrow('there is no model file or folder /no/model');
  });
});
