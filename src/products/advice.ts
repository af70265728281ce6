/** What is known of a fault in a product, and what helps. */
import semver from 'semver';
import { productNamed } from './index.ts';
import type { Advice } from './product.ts';

/** What failed, as far as it is told: a field that is left out may be anything. */
export interface Failing {
  readonly check: string;
  readonly class?: string | undefined;
  readonly api?: string | undefined;
  readonly mode?: string | undefined;
  readonly scenario?: string | undefined;
}

/**
 * The advice for a failing check; empty where none is known.
 * @param server product as identified or labelled; of a version that is unknown, or can't be compared, all may hold
 */
export function adviceFor(
  server: { readonly product: string | null; readonly version: string | null },
  failing: Failing,
): readonly Advice[] {
  const product = productNamed(server.product);
  const version = server.version === null ? null : (product?.comparable?.(server.version) ?? null);
  return (product?.advice ?? []).filter(
    ({ checks, classes, apis, mode, scenarios, versions }) =>
      checks.includes(failing.check) &&
      covers(classes, failing.class) &&
      covers(apis, failing.api) &&
      covers(mode && [mode], failing.mode) &&
      covers(scenarios, failing.scenario) &&
      (version === null || semver.satisfies(version, versions)),
  );
}

function covers(narrowed: readonly string[] | undefined, told: string | undefined): boolean {
  return narrowed === undefined || told === undefined || narrowed.includes(told);
}
