// One trial of `npm run bench -- attack`: `guessing-trial.js '{"guesses":500}'`, prints its result as one line of JSON. Wrong passwords for a
// user that there is and for one that there is not, in turn: whoever could tell them apart by the clock would learn the names of users.
import { type GuessedMethod, GuessingPeer } from './guessing-peer.js';
import { startServerProcess } from './server-process.js';
import { quantile, rounded, type Spread, spreadOf } from './statistics.js';

export type GuessingParameters = { guesses: number };
export type GuessingRow = {
  method: GuessedMethod;
  knownMs: Spread;
  unknownMs: Spread;
  /** Medians, unknown by known; and as a measure of noise the known ones' second half by their first. */
  ratio: number;
  noise: number;
  /** Status lines of both that are not the same. */
  otherAnswers: number;
};
export type GuessingResult = GuessingParameters & { rows: GuessingRow[] };

/** As long as each other, or their names alone would take different times. */
const [KNOWN, UNKNOWN] = ['reception', 'nobodyyet'];
const WARM_UP = 200;
/** A challenge is good for some minutes. */
const PER_NONCE = 100;
const CONFIG = {
  sip: {
    unknownSources: 'challenge',
    bans: { enabled: false },
    admission: { requestsPerSecond: 100_000, callsPerSecond: 100_000 },
  },
  phones: [{ username: KNOWN, password: 'a password of the benchmark' }],
  log: { level: 'error' },
};

const parameters = JSON.parse(process.argv[2] ?? '{}') as GuessingParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure(wanted: GuessingParameters): Promise<GuessingResult> {
  const server = await startServerProcess(
    Object.entries(CONFIG)
      .map(([name, section]) => `${name}: ${JSON.stringify(section)}\n`)
      .join(''),
  );
  const peer = await GuessingPeer.open(server.sipPort);
  const rows: GuessingRow[] = [];
  for (const method of ['REGISTER', 'INVITE'] as const) {
    await inTurn(peer, method, WARM_UP);
    rows.push(await inTurn(peer, method, wanted.guesses));
  }
  peer.close();
  await server.stop();
  return { ...wanted, rows };
}

async function inTurn(peer: GuessingPeer, method: GuessedMethod, guesses: number): Promise<GuessingRow> {
  const times: Record<string, number[]> = { [KNOWN]: [], [UNKNOWN]: [] };
  let nonce = '';
  let otherAnswers = 0;
  for (let round = 0; round < guesses; round += 1) {
    if (round % PER_NONCE === 0) nonce = await peer.nonce();
    const statuses = new Set<string>();
    // Whoever comes second has the advantage of caches that are warm.
    for (const user of round % 2 === 0 ? [KNOWN, UNKNOWN] : [UNKNOWN, KNOWN]) {
      const { ms, answer } = await peer.guess(method, user, nonce);
      times[user]?.push(ms);
      statuses.add(answer.slice(0, answer.indexOf('\r')));
    }
    if (statuses.size > 1) otherAnswers += 1;
  }
  const [known = [], unknown = []] = [times[KNOWN], times[UNKNOWN]];
  const half = Math.floor(known.length / 2);
  return {
    method,
    knownMs: spreadOf(known),
    unknownMs: spreadOf(unknown),
    ratio: rounded(quantile(unknown, 0.5) / quantile(known, 0.5), 3),
    noise: rounded(quantile(known.slice(half), 0.5) / quantile(known.slice(0, half), 0.5), 3),
    otherAnswers,
  };
}
