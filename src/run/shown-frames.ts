/** Which frames are kept once a unit is judged: a run holds hundreds of exchanges, and a server may fill each. Pure. */
import type { Exchange, Frame } from '../model/exchange.ts';
import type { CaseRecord, Material } from '../model/observations.ts';

/** Checks show the first frames, the last ones, and those that a fact points to, which the fact keeps. */
const FIRST = 2;
const LAST = 8;

function ends(frames: readonly Frame[]): readonly Frame[] {
  return frames.length <= FIRST + LAST ? frames : [...frames.slice(0, FIRST), ...frames.slice(-LAST)];
}

function slim(exchange: Exchange): Exchange {
  const { reply } = exchange;
  if (reply.kind !== 'response' || reply.body.kind !== 'stream') return exchange;
  const { stream } = reply.body;
  const body = { ...reply.body, stream: { ...stream, frames: ends(stream.frames) } };
  return { ...exchange, reply: { ...reply, body } };
}

function slimMaterial(material: Material): Material {
  switch (material.kind) {
    case 'plain':
      return { ...material, exchanges: material.exchanges.map(slim) };
    case 'parallel':
      return {
        ...material,
        together: material.together.map(({ alone, exchange }) => ({ alone, exchange: slim(exchange) })),
      };
    case 'sequence':
      return {
        ...material,
        rounds: material.rounds.map(({ first, second }) => ({ first: slim(first), second: slim(second) })),
      };
    case 'counted':
      return material;
    case 'follow-up':
      return { ...material, first: slim(material.first), followUps: material.followUps.map(slim) };
  }
}

/** The record without the frames that will not be shown any more; every verdict stays the same. */
export function withShownFrames(record: CaseRecord): CaseRecord {
  const { state } = record;
  return state.kind === 'sent'
    ? { ...record, state: { ...state, material: slimMaterial(state.material) } }
    : record;
}
