import type { Binding, RegisterOutcome, TrunkAccess, TrunkSignalling } from '../../src/domain/ports/trunk-signalling.js';

export const ACCEPTED = { address: '192.0.2.10', port: 5060 };
export const accepted = (expiresS: number): RegisterOutcome => ({ accepted: true, expiresS, registrar: ACCEPTED });
export const refused = (status: number, more: Partial<RegisterOutcome & { accepted: false }> = {}): RegisterOutcome => ({
  accepted: false,
  status,
  reason: 'No',
  credentialsRefused: false,
  minExpiresS: undefined,
  retryAfterS: undefined,
  ...more,
});

/** A registrar that does what the test says: by default it grants what it is asked for. */
export class FakeTrunkSignalling implements TrunkSignalling {
  readonly bindings: { access: TrunkAccess; asked: number[] }[] = [];
  answer: (expiresS: number, access: TrunkAccess) => RegisterOutcome | Error | Promise<RegisterOutcome> = accepted;

  /** What a ping comes to. */
  alive = 200;

  ping(): Promise<number> {
    return Promise.resolve(this.alive);
  }

  openBinding(access: TrunkAccess): Binding {
    const record = { access, asked: [] as number[] };
    this.bindings.push(record);
    return {
      register: async (expiresS) => {
        record.asked.push(expiresS);
        const outcome = await this.answer(expiresS, access);
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
    };
  }
}
