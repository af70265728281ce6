/**
 * CPU of watchUsage per chunk, against the same reader without it: one that parses each event of a body, and the iteration of the
 * OpenAI SDK. No network: bytes from memory, the same for both, turns taken, medians.
 */
import { createParser } from 'eventsource-parser';
import { Stream } from 'openai/core/streaming';
import { watchUsage } from '../dist/client/index.js';
import { median } from './median.mjs';

const CHUNKS = 20_000;
const ROUNDS = 15;
const WARM_UP = 3;
const encoder = new TextEncoder();

function bytesOf(eventsAPiece) {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'stories260K' };
  const choice = (delta, finish) => [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  const chunks = [
    { ...head, choices: choice({ role: 'assistant', content: '' }, null) },
    ...Array.from({ length: CHUNKS }, (_, at) => ({
      ...head,
      choices: choice({ content: ` w${at % 977}` }, null),
    })),
    { ...head, choices: choice({}, 'stop') },
    {
      ...head,
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: CHUNKS, total_tokens: CHUNKS + 9 },
    },
  ];
  const events = [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'];
  const pieces = [];
  for (let at = 0; at < events.length; at += eventsAPiece)
    pieces.push(encoder.encode(events.slice(at, at + eventsAPiece).join('')));
  return pieces;
}

function responseOf(pieces) {
  let at = 0;
  const body = new ReadableStream(
    {
      pull(controller) {
        if (at < pieces.length) controller.enqueue(pieces[at++]);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

/** A reader that parses each event: how many there were. */
async function readParsed(response) {
  const decoder = new TextDecoder();
  let events = 0;
  const parser = createParser({
    onEvent({ data }) {
      events += 1;
      if (data !== '[DONE]') JSON.parse(data);
    },
  });
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read())
    parser.feed(decoder.decode(read.value, { stream: true }));
  return events;
}

async function iterate(stream) {
  let chunks = 0;
  for await (const _ of stream) chunks += 1;
  return chunks;
}

const sdkStream = (pieces) => Stream.fromSSEResponse(responseOf(pieces), new AbortController());

async function cpu(run) {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CHUNKS;
}

/** @param read what is measured: `watch` puts watchUsage in front of the source, or nothing */
async function measured(name, target, read) {
  const alone = [];
  const watched = [];
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const without = await cpu(() => read((source) => source));
    let report;
    const beside = await cpu(async () => {
      await read((source) => {
        const { stream, report: told } = watchUsage(source);
        report = told;
        return stream;
      });
      await report;
    });
    if ((await report).usage?.completion_tokens !== CHUNKS) throw new Error(JSON.stringify(await report));
    if (round < WARM_UP) continue;
    alone.push(without);
    watched.push(beside);
  }
  return {
    name,
    measured: `${median(watched).toFixed(2)} µs`,
    baseline: `${median(alone).toFixed(2)} µs (without it)`,
    ratio: median(watched) / median(alone),
    target,
  };
}

export async function watchUsageCost() {
  const [many, single] = [bytesOf(16), bytesOf(1)];
  return [
    await measured('watchUsage, 16 events a piece', 1.5, (watch) => readParsed(watch(responseOf(many)))),
    await measured('watchUsage, 1 event a piece', 1.5, (watch) => readParsed(watch(responseOf(single)))),
    await measured('watchUsage over the OpenAI SDK', 1.2, (watch) => iterate(watch(sdkStream(single)))),
  ];
}
