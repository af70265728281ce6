import { BROKEN } from './broken.ts';
import { namesTheFault } from './name-the-fault.ts';

namesTheFault(BROKEN.slice(BROKEN.length / 2));
