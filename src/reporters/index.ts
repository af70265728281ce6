/** Every format by name; a reporter is loaded when it is asked for. */
import { join } from 'node:path';
import type { Format, OutputFormat, Report } from '../model/report.ts';
import type { TerminalOptions } from './table/table.ts';

/** What a reporter may need besides the report; only `table` reads width and colour. */
export type ReportContext = TerminalOptions;

/** Turns a report into the text of one format. */
export type Reporter = (report: Report, context: ReportContext) => string;

const loaders: Readonly<Record<Format, () => Promise<Reporter>>> = {
  table: async () => (await import('./table/terminal.ts')).renderTerminal,
  json: async () => (await import('./json.ts')).renderJson,
  junit: async () => (await import('./junit/junit.ts')).renderJunit,
  markdown: async () => (await import('./markdown/markdown.ts')).renderMarkdown,
  github: async () => (await import('./github.ts')).renderGithub,
  html: async () => (await import('./html/html.ts')).renderHtml,
};

/** Loads the reporter of a format. */
export function loadReporter(format: Format): Promise<Reporter> {
  return loaders[format]();
}

/** A file of a report. */
export interface ReportFile {
  readonly path: string;
  readonly text: string;
}

/** Loads what makes the files of a format: one at the path given, of `issue` one a finding in the folder given. */
export async function loadFiles(
  format: OutputFormat,
): Promise<(report: Report, context: ReportContext, path: string) => readonly ReportFile[]> {
  if (format === 'issue') {
    const { ticketsOf } = await import('./issue/tickets.ts');
    return (report, context, folder) =>
      ticketsOf(report, context).map(({ file, text }) => ({ path: join(folder, file), text }));
  }
  const render = await loadReporter(format);
  return (report, context, path) => [{ path, text: render(report, context) }];
}
