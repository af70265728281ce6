import { UserError } from '../model/errors.ts';

/** A folder that can't be used as a recording; one line that says why. */
export class RecordingError extends UserError {
  override readonly name = 'RecordingError';
}
