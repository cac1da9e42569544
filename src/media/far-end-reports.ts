/** What passed at our end when a report came, since the session opened. */
export type OwnCounts = { packetsSent: number; packetsReceived: number };

/** One report of the far end: how much it has sent, if it sends, and the highest sequence number of ours that it knows, if any. */
export type FarEndReport = { packetsSent: number | undefined; highestHeard: number | undefined };

/** A second of RTP: less than that may well be under way while a report is. */
const TELLING_PACKETS = 50;

/** Compares what the far end reports with what we know, to find audio that is sent and arrives nowhere. */
export class FarEndReports {
  #count = 0;
  #hearingNothing = 0;
  #unheard = 0;
  #sentAtLast = 0;
  #receivedAtLast = 0;
  #highestHeard: number | undefined;
  #theirsAtLast: number | undefined;

  get count(): number {
    return this.#count;
  }

  get hearingNothing(): number {
    return this.#hearingNothing;
  }

  /** `packetsReceived`: as of now. */
  unheard(packetsReceived: number): number {
    return packetsReceived > this.#receivedAtLast ? 0 : this.#unheard;
  }

  /** RTCP of another kind: somebody is there. */
  noteAlive(): void {
    this.#count += 1;
  }

  note({ packetsSent: theirs, highestHeard }: FarEndReport, own: OwnCounts): void {
    this.#count += 1;
    this.#noteHeard(highestHeard, own.packetsSent);
    this.#noteSent(theirs, own.packetsReceived);
  }

  #noteHeard(highest: number | undefined, sent: number): void {
    if (highest !== undefined && highest !== this.#highestHeard) this.#hearingNothing = 0;
    else if (sent - this.#sentAtLast >= TELLING_PACKETS) this.#hearingNothing += 1;
    else return;
    this.#highestHeard = highest ?? this.#highestHeard;
    this.#sentAtLast = sent;
  }

  #noteSent(theirs: number | undefined, received: number): void {
    // Uint32 subtraction: their count may wrap, and begins anew with a new sender.
    const grown = theirs === undefined || this.#theirsAtLast === undefined ? 0 : (theirs - this.#theirsAtLast) >>> 0;
    if (received > this.#receivedAtLast) this.#unheard = 0;
    else if (grown >= TELLING_PACKETS && grown < 2 ** 31) this.#unheard += 1;
    this.#receivedAtLast = received;
    this.#theirsAtLast = theirs ?? this.#theirsAtLast;
  }
}
