import { BROKEN_APIS } from './broken-apis.ts';
import { eachNamed } from './name-the-fault.ts';
import { triedOther } from './tried-other.ts';

eachNamed(BROKEN_APIS, (entry, suite) => triedOther(entry, suite));
