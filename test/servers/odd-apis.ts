/** Correct servers of the APIs beside OpenAI's two, with unusual habits: nothing may fail. */
import type { OtherOddServer } from './entries.ts';
import { countEndpoint } from './odd/apis/count-endpoint.ts';
import { gemini } from './odd/apis/gemini.ts';
import { llamacppCompletion } from './odd/apis/llamacpp-completion.ts';
import { messages } from './odd/apis/messages.ts';
import { ollama } from './odd/apis/ollama.ts';
import { responses } from './odd/apis/responses.ts';

export const ODD_APIS: OtherOddServer[] = [
  ...responses,
  ...messages,
  ...ollama,
  ...llamacppCompletion,
  ...gemini,
  ...countEndpoint,
];
