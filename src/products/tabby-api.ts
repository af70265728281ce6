/** TabbyAPI. It tells no version over HTTP. */
import { ownedBy } from './owned-by.ts';

/** https://github.com/theroyallab/tabbyAPI, endpoints/core/types/model.py: the owner of each model card. */
export const tabbyApi = ownedBy('tabbyAPI', {
  id: 'tabbyapi',
  title: 'TabbyAPI',
  homepage: 'https://github.com/theroyallab/tabbyAPI',
});
