/** A folder that can't be used as a recording; one line that says why. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}
