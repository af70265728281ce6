import { chatPrompt, legacyPrompts } from './prompts.ts';
import {
  type Api,
  type Generation,
  isJson,
  type Json,
  positiveInteger,
  readOption,
  readStops,
  refuse,
} from './request.ts';

export const MODEL = 'toy';
const DEFAULT_LIMIT = { chat: 48, completions: 16 } as const;

function readTools(body: Json): Json[] {
  const tools = body.tools;
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) return refuse('tools must be an array', 'tools');
  return tools.filter(isJson);
}

function toolName(tool: Json | undefined): string | undefined {
  const fn = tool?.function;
  return isJson(fn) && typeof fn.name === 'string' ? fn.name : undefined;
}

function calledTool(body: Json, tools: Json[]): string | undefined {
  const choice = body.tool_choice;
  if (tools.length === 0) return undefined;
  if (choice === 'required') return toolName(tools[0]);
  if (!isJson(choice)) return undefined;
  const name = toolName(choice);
  const known = tools.some((tool) => toolName(tool) === name);
  return known ? name : refuse(`Invalid 'tool_choice': no function ${name}`, 'tool_choice');
}

export function readGeneration(api: Api, body: Json): Generation {
  if (body.model !== MODEL) {
    refuse(`The model '${String(body.model)}' does not exist`, 'model', 'model_not_found', 404);
  }
  const option = readOption(body);
  if (body.stream !== true && isJson(body.stream_options)) {
    refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options');
  }
  const tools = api === 'chat' ? readTools(body) : [];
  const prompts = api === 'chat' ? chatPrompt(body, tools) : legacyPrompts(body);
  const inChat =
    api === 'chat' && body.max_completion_tokens !== undefined && body.max_completion_tokens !== null;
  const limitName = inChat ? 'max_completion_tokens' : 'max_tokens';
  const limited = body[limitName] !== undefined && body[limitName] !== null;
  const format = body.response_format;
  const temperature = typeof body.temperature === 'number' ? body.temperature : 1;
  return {
    api,
    mode: body.stream === true ? 'stream' : 'nonstream',
    option,
    body,
    prompts: prompts.texts,
    promptTokens: prompts.tokens,
    limit: positiveInteger(body, limitName, DEFAULT_LIMIT[api]),
    limitBy: limited ? limitName : 'default',
    temperature,
    n: positiveInteger(body, 'n', 1),
    stops: readStops(body),
    tools,
    calls: calledTool(body, tools),
    json: isJson(format) && format.type === 'json_object',
    logprobs: body.logprobs !== undefined && body.logprobs !== null && body.logprobs !== false,
    list: prompts.list,
    tokenIds: prompts.tokenIds,
  };
}
