/** Names that links on a page of versions lead to: the same as long as product, check and class are. */
import type { Fault } from '../../matrix/faults.ts';
import type { ProductMatrix } from '../../matrix/matrix.ts';

export const productAnchor = ({ id }: Pick<ProductMatrix, 'id'>): string =>
  id.replace(/[^\w.-]+/g, '-').slice(0, 100);

export const faultAnchor = (product: Pick<ProductMatrix, 'id'>, { id }: Fault): string =>
  `${productAnchor(product)}-${id.slice(0, 200)}`;
