import t from 'tap';
import { FarEndReports } from '../../../src/media/far-end-reports.js';

void t.test('reports that know nothing newer of ours are counted, as long as we send', async (t) => {
  const reports = new FarEndReports();
  const hears = (highestHeard: number | undefined, packetsSent: number): number => {
    reports.note({ packetsSent: undefined, highestHeard }, { packetsSent, packetsReceived: 0 });
    return reports.hearingNothing;
  };
  t.equal(hears(undefined, 20), 0, 'too early to tell');
  t.equal(hears(undefined, 250), 1);
  t.equal(hears(undefined, 500), 2);
  t.equal(hears(700, 750), 0, 'it begins to hear');
  t.equal(hears(700, 1_000), 1);
  t.equal(hears(undefined, 1_250), 2, 'it no longer even knows us');
  t.equal(hears(700, 1_260), 2, 'nothing was sent since');
  t.equal(hears(950, 1_300), 0);
  t.equal(reports.count, 8);
});

void t.test('what it says it has sent is held against what arrived', async (t) => {
  const reports = new FarEndReports();
  const sent = (packetsSent: number | undefined, packetsReceived: number): number => {
    reports.note({ packetsSent, highestHeard: undefined }, { packetsSent: 0, packetsReceived });
    return reports.unheard(packetsReceived);
  };
  t.equal(sent(1_000, 0), 0, 'the first says how far it has come before');
  t.equal(sent(1_250, 0), 1);
  t.equal(sent(1_500, 0), 2);
  t.equal(reports.unheard(1), 0, 'the first packet heals it before the next report');
  t.equal(sent(1_750, 100), 0);
  t.equal(sent(undefined, 100), 0, 'muted: it says that it sends nothing');
  t.equal(sent(1_760, 100), 0);
  t.equal(sent(2 ** 32 - 10, 200), 0);
  t.equal(sent(240, 200), 1, 'its count wraps');
  t.equal(sent(7, 200), 1, 'a new stream counts anew');
});
