import type { Source } from './product.ts';

/**
 * Links into one project.
 * @param project its address, e.g. "https://github.com/ollama/ollama"
 * @param checked the day on which all of them were looked at that do not say another one
 */
export const sourcesIn =
  (project: string, checked: string) =>
  (path: string, on: string = checked): Source => ({ link: `${project}/${path}`, checked: on });
