import type { ToneStep } from './ports/media.js';

/** `congestion`: the network, or all lines, are busy; also called reorder or number unobtainable. */
export const PROGRESS_TONES = ['ringback', 'busy', 'congestion'] as const;
export type ProgressTone = (typeof PROGRESS_TONES)[number];

type Cadences = Readonly<Record<ProgressTone, readonly ToneStep[]>>;

/** Sound and silence in turn, beginning with sound, in milliseconds. */
const cadence = (hz: readonly number[], ...ms: readonly number[]): readonly ToneStep[] =>
  ms.map((each, i) => ({ hz: i % 2 === 0 ? hz : [], ms: each }));

/** One frequency for all three. */
const single = (hz: number, ringback: readonly number[], busy: readonly number[], congestion: readonly number[]): Cadences => ({
  ringback: cadence([hz], ...ringback),
  busy: cadence([hz], ...busy),
  congestion: cadence([hz], ...congestion),
});

const NORTH_AMERICA: Cadences = {
  ringback: cadence([440, 480], 2000, 4000),
  busy: cadence([480, 620], 500, 500),
  congestion: cadence([480, 620], 250, 250),
};

const BRITAIN: Cadences = {
  ringback: cadence([400, 450], 400, 200, 400, 2000),
  busy: cadence([400], 375, 375),
  congestion: cadence([400], 400, 350, 225, 525),
};

/** What ITU-T E.180 recommends, and most networks that are not listed come near. */
const RECOMMENDED = single(425, [1000, 4000], [500, 500], [250, 250]);

/** By ISO 3166 code: ITU-T E.180 supplement 2, and the list of tones that the ITU keeps of its members. */
const TABLE = new Map<string, Cadences>(
  Object.entries({
    AT: single(420, [1000, 5000], [400, 400], [200, 200]),
    AU: {
      ringback: cadence([413, 438], 400, 200, 400, 2000),
      busy: cadence([425], 375, 375),
      congestion: cadence([425], 375, 375),
    },
    BE: single(425, [1000, 3000], [500, 500], [167, 167]),
    BR: single(425, [1000, 4000], [250, 250], [250, 250, 750, 250]),
    CA: NORTH_AMERICA,
    CH: single(425, [1000, 4000], [500, 500], [200, 200]),
    CN: single(450, [1000, 4000], [350, 350], [700, 700]),
    DE: single(425, [1000, 4000], [480, 480], [240, 240]),
    ES: single(425, [1500, 3000], [200, 200], [200, 200, 200, 200, 200, 600]),
    FI: single(425, [1000, 4000], [300, 300], [200, 200]),
    FR: single(440, [1500, 3500], [500, 500], [250, 250]),
    GB: BRITAIN,
    IE: BRITAIN,
    IT: single(425, [1000, 4000], [500, 500], [200, 200]),
    // Their modulated tones as what lies on both sides of the carrier.
    JP: {
      ringback: cadence([384, 416], 1000, 2000),
      busy: cadence([400], 500, 500),
      congestion: cadence([400], 500, 500),
    },
    MX: single(425, [1000, 4000], [250, 250], [250, 250]),
    NL: single(425, [1000, 4000], [500, 500], [250, 250]),
    NO: single(425, [1000, 4000], [500, 500], [200, 200]),
    NZ: {
      ringback: cadence([400, 450], 400, 200, 400, 2000),
      busy: cadence([400], 500, 500),
      congestion: cadence([400], 250, 250),
    },
    PL: single(425, [1000, 4000], [500, 500], [500, 500]),
    PT: single(425, [1000, 5000], [500, 500], [200, 200]),
    RU: single(425, [1000, 4000], [350, 350], [175, 175]),
    SE: single(425, [1000, 5000], [250, 250], [250, 750]),
    US: NORTH_AMERICA,
  }),
);

/** As the telephones of a country sound (ISO 3166); as E.180 recommends where that is not known. */
export const progressTone = (tone: ProgressTone, country: string | undefined): readonly ToneStep[] =>
  ((country !== undefined && TABLE.get(country)) || RECOMMENDED)[tone];

export const COUNTRIES_WITH_TONES: readonly string[] = [...TABLE.keys()];
