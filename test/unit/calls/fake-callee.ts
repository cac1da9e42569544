import type { DialRequest, EndReason, Telephony } from '../../../src/domain/ports/telephony.js';
import { AGREEMENT, FakeDialog, rest } from './call-fixture.js';

/** One call of ours at the far end, which does what the test says. */
export class FakeCallee {
  readonly request: DialRequest;
  readonly dialog: FakeDialog;
  readonly outcome: ReturnType<Telephony['dial']>;
  /** A far end that does not answer a CANCEL. */
  deaf = false;
  #resolve: (outcome: Awaited<ReturnType<Telephony['dial']>>) => void = () => {};
  constructor(request: DialRequest, trace: string[]) {
    this.request = request;
    this.dialog = new FakeDialog(trace);
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    request.onSent?.('out@192.0.2.9');
    request.signal.addEventListener('abort', () => {
      if (!this.deaf) this.refuse(487);
    });
  }
  ring(): void {
    this.request.onRinging?.({ callId: 'out@192.0.2.9', localTag: 'ours', remoteTag: 'theirs', address: '192.0.2.9' });
  }
  async answer(): Promise<void> {
    this.request.onAgreement(AGREEMENT);
    this.#resolve({ answered: true, dialog: this.dialog, sipCallId: 'out@192.0.2.9' });
    await rest();
  }
  /** `contacts`: where a 3xx points to. */
  refuse(sipCode: number, { contacts = [], cause }: { contacts?: readonly string[]; cause?: EndReason } = {}): void {
    this.#resolve({ answered: false, failure: { sipCode, reason: '', contacts, cause } });
  }
}
