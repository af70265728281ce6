/** Ollama's own chat as its documentation has it: https://docs.ollama.com/api/chat */
import { ollamaSpeech } from './ollama-speech.ts';
import { chatPrompt } from './prompts.ts';

export const ollamaChatSpeech = ollamaSpeech({
  path: '/api/chat',
  prompts: chatPrompt,
  says: (content) => ({ message: { role: 'assistant', content } }),
});
