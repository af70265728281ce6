/** Which frames are kept once a unit is judged: a run holds hundreds of exchanges, and a server may fill each. Pure. */
import type { Exchange, Frame } from '../model/exchange.ts';
import type { CaseRecord, Material, Together, Twice } from '../model/observations.ts';

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

const slimBoth = ({ first, second }: Twice): Twice => ({ first: slim(first), second: slim(second) });

const slimAll = (together: Together): Together =>
  together.map(({ alone, exchange }) => ({ alone, exchange: slim(exchange) }));

function slimMaterial(given: Material): Material {
  const material = given.twins === undefined ? given : { ...given, twins: slimAll(given.twins) };
  switch (material.kind) {
    case 'plain': {
      const { exchanges, compared } = material;
      const slimmed = compared === undefined ? {} : { compared: compared.map(slimBoth) };
      return { ...material, exchanges: exchanges.map(slim), ...slimmed };
    }
    case 'parallel':
      return { ...material, together: slimAll(material.together) };
    case 'sequence':
      return { ...material, rounds: material.rounds.map(slimBoth) };
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
