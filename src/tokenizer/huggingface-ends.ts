import { isRecord } from './chat-messages.ts';
import type { Refuse } from './huggingface-parts.ts';

/** The ids that a tokenizer puts around a text. */
export interface Ends {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const NONE: Ends = { before: [], after: [] };

/** Tokens around a text: real ones are two or three. */
const MOST_ENDS = 100;

/** Reads a `post_processor`, of which a count needs only what it adds to a single text. */
export function endsOf(part: unknown, refuse: Refuse): Ends {
  if (part === null || part === undefined) return NONE;
  if (!isRecord(part)) return refuse('post_processor without a type');
  switch (part.type) {
    case 'ByteLevel':
      return NONE;
    case 'BertProcessing':
    case 'RobertaProcessing':
      return { before: pairId(part.cls), after: pairId(part.sep) };
    case 'TemplateProcessing':
      return templateEnds(part, refuse);
    case 'Sequence':
      return (Array.isArray(part.processors) ? part.processors : []).reduce<Ends>((inner, processor) => {
        const outer = endsOf(processor, refuse);
        mustBeFew(inner, outer, refuse);
        return { before: [...outer.before, ...inner.before], after: [...inner.after, ...outer.after] };
      }, NONE);
    default:
      return refuse(`post_processor "${String(part.type)}"`);
  }
}

function mustBeFew(some: Ends, more: Ends, refuse: Refuse): void {
  const count = [some.before, some.after, more.before, more.after].flat().length;
  if (count > MOST_ENDS) refuse(`post_processor that adds over ${MOST_ENDS} tokens`);
}

/** A token as `["</s>", 2]`. */
function pairId(pair: unknown): number[] {
  const id: unknown = Array.isArray(pair) ? pair[1] : undefined;
  return typeof id === 'number' ? [id] : [];
}

function templateEnds({ single, special_tokens: tokens }: Record<string, unknown>, refuse: Refuse): Ends {
  const before: number[] = [];
  const after: number[] = [];
  let texts = 0;
  for (const piece of Array.isArray(single) ? single : []) {
    if (!isRecord(piece)) continue;
    if (isRecord(piece.Sequence)) {
      texts += 1;
    } else if (isRecord(piece.SpecialToken)) {
      const token = isRecord(tokens) ? tokens[String(piece.SpecialToken.id)] : undefined;
      const ids: unknown[] = isRecord(token) && Array.isArray(token.ids) ? token.ids : [];
      const added = ids.slice(0, MOST_ENDS + 1).filter((id) => typeof id === 'number');
      mustBeFew({ before, after }, { before: added, after: [] }, refuse);
      (texts === 0 ? before : after).push(...added);
    }
  }
  return texts === 1 ? { before, after } : refuse('post_processor "TemplateProcessing" without its text');
}
