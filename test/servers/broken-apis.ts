/** Servers of the APIs beside OpenAI's two that are wrong in one way each; every entry says which check must name it. */
import { countEndpoint } from './broken/apis/count-endpoint.ts';
import { otherCounts } from './broken/apis/counts.ts';
import { gemini } from './broken/apis/gemini.ts';
import { llamacppCompletion } from './broken/apis/llamacpp-completion.ts';
import { messages } from './broken/apis/messages.ts';
import { ollama } from './broken/apis/ollama.ts';
import { responses } from './broken/apis/responses.ts';
import type { OtherBrokenServer } from './entries.ts';

export const BROKEN_APIS: OtherBrokenServer[] = [
  ...otherCounts,
  ...responses,
  ...messages,
  ...ollama,
  ...llamacppCompletion,
  ...gemini,
  ...countEndpoint,
];
