/** One request to llama-cpp-python, and what its answer says of usage. */

export interface Counts {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export interface Asked {
  /** What is special about it. */
  readonly kind: string;
  readonly api: 'chat' | 'completions';
  readonly stream: boolean;
  /** Whether usage has to come. */
  readonly usage: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly usage: Counts | null;
  /** Chunks with a choice. */
  readonly pieces: number;
  readonly finished: boolean;
  /** What is not as it has to be, usage aside. */
  readonly problems: readonly string[];
}

interface Chunk {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  readonly model: string;
  readonly choices: readonly { readonly finish_reason: string | null }[];
  readonly usage?: Counts | null;
}

/** @param onPiece called with each chunk that has a choice, and how many there were */
export async function answerTo(
  url: string,
  { api, stream, usage: wanted, body }: Asked,
  onPiece: (pieces: number) => void = () => {},
): Promise<Answer> {
  const response = await fetch(`${url}/v1/${api === 'chat' ? 'chat/completions' : 'completions'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, stream }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok || response.body === null)
    return { usage: null, pieces: 0, finished: false, problems: [`status ${response.status}`] };
  if (!stream) {
    const { usage = null } = (await response.json()) as Chunk;
    return { usage, pieces: 1, finished: true, problems: [] };
  }

  const chunks: Chunk[] = [];
  let [text, pieces, done] = ['', 0, false];
  try {
    for await (const bytes of response.body.pipeThrough(new TextDecoderStream())) {
      text += bytes;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines.filter((one) => one.startsWith('data: '))) {
        done = line === 'data: [DONE]';
        if (done) continue;
        const chunk = JSON.parse(line.slice('data: '.length)) as Chunk;
        chunks.push(chunk);
        if (chunk.choices.length > 0) onPiece(++pieces);
      }
    }
  } catch {
    // A new request cuts the socket, too.
    done = false;
  }
  return {
    usage: chunks.at(-1)?.usage ?? null,
    pieces,
    finished: chunks.some(({ choices }) => choices.some((choice) => choice.finish_reason !== null)),
    problems: [...(done ? [] : ['cut off']), ...(wanted ? problemsOf(chunks) : unaskedProblems(chunks))],
  };
}

function problemsOf(chunks: readonly Chunk[]): string[] {
  const [before, last] = [chunks.slice(0, -1), chunks.at(-1)];
  const envelope = ({ id, object, created, model }: Chunk) => JSON.stringify([id, object, created, model]);
  return [
    ...(before.every(({ usage }) => usage === null) ? [] : ['usage is not null before the last chunk']),
    ...(last?.choices.length === 0 ? [] : ['the last chunk has choices']),
    ...(new Set(chunks.map(envelope)).size === 1 ? [] : ['the envelope changes']),
  ];
}

const unaskedProblems = (chunks: readonly Chunk[]): string[] =>
  chunks.some((chunk) => 'usage' in chunk || chunk.choices.length === 0) ? ['usage came unasked'] : [];
