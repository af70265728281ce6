import type { Lane } from './lanes.ts';

/** A kept-alive connection that was closed meanwhile shows within a round trip; a server that crashes takes longer. */
const RACE_MS = 2000;

/** One request's use of a lane: which connection it went over, and whether anything came back on it. */
export class LaneUse {
  readonly #lane: Lane;
  readonly #connectionsBefore: number;
  #bytesBefore = 0;

  /** To be made before the request is dispatched. */
  constructor(lane: Lane) {
    lane.fault = null;
    this.#lane = lane;
    this.#connectionsBefore = lane.connections;
  }

  /** The request is being written. */
  sent(): void {
    this.#bytesBefore = this.#lane.socket?.bytesRead ?? 0;
  }

  /** The connection's own fault, which says more than what undici makes of it. */
  get fault(): Error | null {
    return this.#lane.fault;
  }

  /** The request went over a connection kept alive from an earlier one, and was dropped soon, without a byte back. */
  isKeepAliveRace(elapsedMs: number): boolean {
    const { connections, socket } = this.#lane;
    const reused = connections > 0 && connections === this.#connectionsBefore;
    return reused && elapsedMs < RACE_MS && socket !== null && socket.bytesRead === this.#bytesBefore;
  }
}
