import type { ReportContext } from '../index.ts';

/** What a reporter of a matrix may need besides it. */
export interface MatrixContext extends ReportContext {
  /** The folder of the tickets as a page is to link to it; left out where none are written. */
  readonly tickets?: string;
}
