import { BROKEN } from './broken.ts';
import { namesTheFault } from './name-the-fault.ts';

namesTheFault(BROKEN.slice(0, BROKEN.length / 2));
