/** Colours by meaning. Without colour every paint returns its text unchanged. */
import { Chalk } from 'chalk';
import type { Verdict } from '../../model/report.ts';

type Paint = (text: string) => string;

export interface Palette {
  readonly verdict: Readonly<Record<Verdict, Paint>>;
  readonly strong: Paint;
  readonly faint: Paint;
  readonly code: Paint;
}

/** The palette of a terminal (16 colours, readable on dark and light), or of a pipe. */
export function paletteOf(colour: boolean): Palette {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  return {
    verdict: {
      pass: only(chalk.green),
      fail: only(chalk.red),
      warn: only(chalk.yellow),
      skip: only(chalk.dim),
      error: only(chalk.magenta),
    },
    strong: only(chalk.bold),
    faint: only(chalk.dim),
    code: only(chalk.cyan),
  };
}

/** A paint that reads its first argument only, so that it may be handed to `map`. */
function only(paint: Paint): Paint {
  return (text) => paint(text);
}
