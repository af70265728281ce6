import type { Outputs } from '../../config/outputs.ts';
import { exitCodeUnwritten } from '../../judge/exit-code.ts';
import type { Report } from '../../model/report.ts';
import { loadFiles, loadReporter, type ReportFile } from '../../reporters/index.ts';
import { isSpecial, writeWhole } from '../../text/write-whole.ts';
import { runEnvironment } from './command-line.ts';
import { codeOf, complain, shownAsWritten } from './complain.ts';
import { reportContext } from './terminal-context.ts';

function withUnwritten(report: Report, paths: readonly string[]): Report {
  const remarks = [
    ...(report.remarks ?? []),
    ...paths.map((path) => `${shownAsWritten(path)} could not be written`),
  ];
  return { ...report, remarks, exitCode: exitCodeUnwritten(report.exitCode) };
}

/** Writes the files of one output; false where one could not be written, which is told. */
export function written(path: string, parts: readonly ReportFile[]): boolean {
  try {
    for (const part of parts) writeWhole(part.path, part.text);
    return true;
  } catch (error) {
    complain(new Error(`${path} could not be written (${codeOf(error)}); choose another --output`));
    return false;
  }
}

/** Writes the files, then stdout; a file that can't be written is told and counts, the rest is still printed. */
export async function deliver(
  made: Report,
  outputs: Outputs,
  colour: boolean,
  verbose: boolean,
): Promise<number> {
  const measured = { ...made, environment: made.environment ?? runEnvironment() };
  const write = async (files: Outputs['files'], report: Report) => {
    const failed: string[] = [];
    for (const { format, path } of files) {
      const filesOf = await loadFiles(format);
      const parts = filesOf(report, { ...reportContext(false), width: 100, verbose }, path);
      if (!written(path, parts)) failed.push(path);
    }
    return failed;
  };
  const failed = await write(outputs.files, measured);
  const report = failed.length === 0 ? measured : withUnwritten(measured, failed);
  // What was written before that was known must say it, too; a pipe or a device has had its text.
  if (failed.length > 0) {
    const again = outputs.files.filter(({ path }) => !failed.includes(path) && !isSpecial(path));
    await write(again, report);
  }
  const render = await loadReporter(outputs.format);
  process.stdout.write(render(report, { ...reportContext(colour), verbose }));
  return report.exitCode;
}
