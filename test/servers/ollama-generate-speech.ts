/** Ollama's own generate as its documentation has it: https://docs.ollama.com/api/generate */
import { ollamaSpeech } from './ollama-speech.ts';
import { chatPrompt } from './prompts.ts';

export const ollamaGenerateSpeech = ollamaSpeech({
  path: '/api/generate',
  prompts: ({ prompt }) => chatPrompt({ messages: [{ role: 'user', content: prompt }] }, []),
  says: (response) => ({ response }),
});
