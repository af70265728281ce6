/** Correct Ollama that looks wrong. */
import type { OtherOddServer } from '../../entries.ts';
import type { Step } from '../../other-api-server.ts';
import { isJson, type Json } from '../../request.ts';
import { changed, type StepTest, stream } from '../../steps.ts';

const DONE: StepTest = ({ done }) => done === true;
const OPEN: StepTest = ({ done }) => done !== true;

/** The last piece on the line that ends the answer. */
function joined(list: readonly Step[]): readonly Step[] {
  const [piece, end] = list.slice(-2);
  if (piece === undefined || end === undefined || !('json' in piece) || !('json' in end)) return list;
  const { message, response } = piece.json;
  return [...list.slice(0, -2), { json: { ...end.json, ...(message ? { message } : { response }) } }];
}

const thinking = (json: Json): Json => {
  const { message } = json;
  return isJson(message) ? { message: { ...message, thinking: 'hm' } } : { thinking: 'hm' };
};

const habits: ReadonlyArray<Omit<OtherOddServer, 'api'>> = [
  { name: 'content on the last line', source: 'APIS: never a fail', habits: stream(joined) },
  {
    name: 'the content type application/json',
    source: 'Ollama 0.17.4 (load)',
    habits: { headers: { 'content-type': 'application/json' } },
    warns: ['sse-framing'],
  },
  {
    name: 'blank lines, before the first, too',
    source: 'APIS: never a fail',
    habits: { mapWire: (wire) => `\n\n${wire.replaceAll('\n', '\n\n')}` },
  },
  {
    name: 'CRLF',
    source: 'APIS: never a fail',
    habits: { mapWire: (wire) => wire.replaceAll('\n', '\r\n') },
  },
  {
    name: 'a last line without newline',
    source: 'APIS: never a fail',
    habits: { mapWire: (wire) => wire.trimEnd() },
  },
  {
    name: 'nothing generated, and no eval_count',
    source: 'APIS: omitempty',
    habits: { traits: { mute: true } },
    suite: 'standard',
  },
  {
    name: 'counts of 0 before the end',
    source: 'APIS: a non-zero count',
    habits: stream(changed(OPEN, () => ({ prompt_eval_count: 0, eval_count: 0 }))),
  },
  {
    name: 'durations, context and logprobs',
    source: 'APIS: free extras',
    habits: stream(
      changed(OPEN, () => ({ logprobs: [{ token: 'a', logprob: -0.5 }] })),
      changed(DONE, () => ({ context: [1, 2, 3], eval_duration: 12.5, load_duration: null })),
    ),
  },
  { name: 'thinking', source: 'APIS: never a fail', habits: stream(changed(OPEN, thinking)) },
  {
    name: 'a prompt cut to the context',
    source: 'Ollama 0.17.4',
    habits: { truncates: true },
    suite: 'full',
  },
  {
    name: 'an end for another reason',
    source: 'Ollama: unload',
    habits: { ...stream(changed(DONE, () => ({ done_reason: 'unload' }))), traits: { endsAfter: 5 } },
    // It differs from the whole answer, which is not the stream's.
    warns: ['stop-named', 'finish-matches-nonstream'],
  },
];

export const ollama: OtherOddServer[] = (['ollama-chat', 'ollama-generate'] as const).flatMap((api) =>
  habits.map((one) => ({ ...one, api, name: `${api}: ${one.name}` })),
);
