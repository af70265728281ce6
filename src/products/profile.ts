/** Which fails a product's profile lowers to warnings. */
import picomatch from 'picomatch';
import semver from 'semver';
import { products } from './index.ts';
import type { Deviation, Product } from './product.ts';

const NEVER_LOWERED = [
  /^usage-(?:present|integers|total)$/,
  /-matches-/,
  /^completion-/,
  /^prompt-/,
] as const;

/** True for checks that no profile may lower: whether usage comes at all, and whether its numbers are right. */
export function isNeverLowered(check: string): boolean {
  return NEVER_LOWERED.some((pattern) => pattern.test(check));
}

/**
 * The deviation by which this fail is lowered; null where it stays a fail.
 * @param productId id of the profile's product; one that is not known lowers nothing
 * @param version as identified; an unknown one lowers nothing
 */
export function lowering(
  productId: string | null,
  version: string | null,
  check: string,
  caseId: string,
): Deviation | null {
  const product = productId === null ? undefined : products.get(productId);
  return product === undefined ? null : deviationOf(product, version, check, caseId);
}

/** As {@link lowering}, for a given product. */
export function deviationOf(
  product: Product,
  version: string | null,
  check: string,
  caseId: string,
): Deviation | null {
  const comparable = version === null ? null : product.comparable(version);
  if (comparable === null || isNeverLowered(check)) return null;
  const applies = (deviation: Deviation): boolean =>
    deviation.check === check &&
    semver.satisfies(comparable, deviation.versions) &&
    // In case ids "/" parts fields, not folders: "*" may cross it.
    picomatch.isMatch(caseId, deviation.cases, { bash: true });
  return product.deviations.find(applies) ?? null;
}
