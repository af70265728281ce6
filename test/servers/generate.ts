/** From a parsed request to the answer on the wire, through every hook. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { answer, type ModelTraits } from './answer.ts';
import { chatBody, chatEvents } from './chat.ts';
import type { Envelope } from './chunks.ts';
import { completionBody, completionEvents } from './completions.ts';
import { MODEL, readGeneration } from './generation.ts';
import type { Context, Habits, PlainAnswer, ServerState } from './habits.ts';
import { CONTEXT_LENGTH } from './model-list.ts';
import { errorBody, sendPlain } from './plain-answer.ts';
import { type Api, type Generation, type Json, Refused } from './request.ts';
import { writeStream } from './stream-writer.ts';
import { reportedUsage } from './usage.ts';

/** Counts one more and says how many came before. */
function before(state: ServerState, key: string): number {
  const count = state.memory.get(key) ?? 0;
  state.memory.set(key, count + 1);
  return count;
}

function makeContext(generation: Generation, state: ServerState): Context {
  const prompt = JSON.stringify(generation.prompts);
  return {
    ...generation,
    number: state.requests,
    seen: before(state, `${generation.api}|${prompt}`),
    seenInMode: before(state, `${generation.api}|${generation.mode}|${prompt}`),
    together: state.inFlight,
    words: generation.prompts.join(' ').split(/\s+/).length,
    answer: { promptTokens: 0, choices: [] },
    server: state,
  };
}

function overlong(context: Context, traits: ModelTraits): PlainAnswer | undefined {
  const needed = Math.max(...context.promptTokens);
  if (needed < traits.contextLength) return undefined;
  const message = `This model's maximum context length is ${traits.contextLength} tokens. However, your messages resulted in ${needed} tokens.`;
  return { status: 400, body: errorBody(message, 'messages', 'context_length_exceeded') };
}

function truncate(context: Context, traits: ModelTraits): Context {
  const most = traits.contextLength - 64;
  return { ...context, promptTokens: context.promptTokens.map((tokens) => Math.min(tokens, most)) };
}

function envelope(context: Context): Envelope {
  const id = `${context.api === 'chat' ? 'chatcmpl' : 'cmpl'}-${context.number.toString(36)}${Date.now().toString(36)}`;
  return { id, object: '', created: Math.floor(Date.now() / 1000), model: MODEL };
}

async function sendBody(response: ServerResponse, context: Context, habits: Habits): Promise<void> {
  const usage = reportedUsage(context, habits);
  const made =
    context.api === 'chat'
      ? chatBody(envelope(context), usage, context)
      : completionBody(envelope(context), usage, context);
  const encoded = JSON.stringify(habits.mapBody ? habits.mapBody(made, context) : made);
  const text = habits.mapBodyText ? habits.mapBodyText(encoded, context) : encoded;
  const base: Record<string, string> = { 'content-type': 'application/json' };
  if (habits.gzip) base['content-encoding'] = 'gzip';
  if (habits.closeDelimited) {
    base.connection = 'close';
    response.useChunkedEncodingByDefault = false;
  }
  response.writeHead(200, habits.mapHeaders ? habits.mapHeaders(base, context) : base);
  response.end(habits.gzip ? gzipSync(text) : text);
}

async function sendStream(response: ServerResponse, context: Context, habits: Habits): Promise<void> {
  const usage = reportedUsage(context, habits);
  const make = context.api === 'chat' ? chatEvents : completionEvents;
  const events = make(envelope(context), usage, context, habits);
  await writeStream(response, habits.mapEvents ? habits.mapEvents(events, context) : events, context, habits);
}

async function serve(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  habits: Habits,
): Promise<void> {
  const traits: ModelTraits = { contextLength: CONTEXT_LENGTH, ...habits.traits };
  const plain = habits.instead?.(context);
  if (plain) return sendPlain(response, plain);
  if (habits.takeOver?.(context, request, response)) return;
  const tooLong = overlong(context, traits);
  const choice = tooLong ? (habits.onOverlong?.(context) ?? tooLong) : undefined;
  if (choice !== undefined && choice !== 'truncate') return sendPlain(response, choice);
  const fitting = choice === 'truncate' ? truncate(context, traits) : context;
  const milliseconds = habits.delay?.(fitting) ?? 0;
  if (milliseconds > 0) await wait(milliseconds);
  const limit = habits.mapLimit ? habits.mapLimit(fitting.limit, fitting) : fitting.limit;
  const made = answer({ ...fitting, limit }, fitting.number, traits);
  fitting.answer = habits.mapAnswer ? habits.mapAnswer(made, fitting) : made;
  await (fitting.mode === 'stream' ? sendStream : sendBody)(response, fitting, habits);
}

export async function answerGeneration(
  api: Api,
  body: Json,
  request: IncomingMessage,
  response: ServerResponse,
  habits: Habits,
  state: ServerState,
): Promise<void> {
  let generation: Generation;
  try {
    generation = readGeneration(api, body);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { status, message, param, code } = error.refusal;
    return sendPlain(response, { status, body: errorBody(message, param, code) });
  }
  state.requests++;
  state.inFlight++;
  const context = makeContext(generation, state);
  response.once('close', () => {
    state.inFlight--;
    if (response.writableFinished || !response.headersSent) return;
    state.aborted++;
    habits.onAbort?.(context);
  });
  await serve(context, request, response, habits);
}
