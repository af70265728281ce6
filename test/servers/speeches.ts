/** The APIs beside OpenAI's two, each as its documentation has it. */
import type { ApiId } from '../../src/model/api.ts';
import { geminiSpeech } from './gemini-speech.ts';
import { llamacppCompletionSpeech } from './llamacpp-completion-speech.ts';
import { messagesSpeech } from './messages-speech.ts';
import { ollamaChatSpeech } from './ollama-chat-speech.ts';
import { ollamaGenerateSpeech } from './ollama-generate-speech.ts';
import type { Speech } from './other-api-server.ts';
import { responsesSpeech } from './responses-speech.ts';

export type OtherApi = Exclude<ApiId, 'chat' | 'completions'>;

export const speeches: Readonly<Record<OtherApi, Speech>> = {
  responses: responsesSpeech,
  messages: messagesSpeech,
  'ollama-chat': ollamaChatSpeech,
  'ollama-generate': ollamaGenerateSpeech,
  'llamacpp-completion': llamacppCompletionSpeech,
  gemini: geminiSpeech,
};
