import type { Logger } from '../../core/log.js';
import type { Call } from '../../domain/call.js';
import type { Values } from '../../domain/placeholders.js';
import type { LocalMedia, ReferRequest } from '../../domain/ports/telephony.js';
import { type Transfer, type TransferLeg, transferReasonOf } from '../../domain/transfer.js';
import type { Connect } from '../call-dialog.js';
import { phraseOf } from '../call-end.js';
import { NotAnswered } from '../call-origin.js';
import { isNotAllowed } from './not-allowed.js';
import type { Reached, TransferDesk } from './transfer-desk.js';

export type ReferralDeps = {
  desk: TransferDesk;
  call: Call;
  /** Of the call. */
  variables: Values;
  local: LocalMedia;
  nowMs: () => number;
  log: Logger;
  record(transfer: Transfer): void;
  /** The new dialog carries the call from then on. */
  exchange(connect: Connect): Promise<void>;
  /** What is to be undone at the end of the call. */
  onEnd(undo: () => void): void;
};

/**
 * The far end has us call somebody else in its place (RFC 5589 section 6, from the transferee's side): they talk with the agent from
 * the answer on, and until then the far end does.
 */
export async function followReferral(request: ReferRequest, deps: ReferralDeps): Promise<void> {
  const { desk, call, variables, local, nowMs, log } = deps;
  let reached: Reached;
  try {
    reached = desk.reach(call, request, variables);
  } catch (error) {
    log.info({ err: error }, 'REFER refused');
    return request.refuse(isNotAllowed(error) ? 403 : 480);
  }
  const { seat, dialling } = reached;
  let transfer = begun(request, nowMs());
  const update = (change: Partial<Transfer>): void => {
    transfer = { ...transfer, ...change };
    deps.record(transfer);
  };
  request.accept();
  update({});
  deps.onEnd(() => {
    dialling.giveUp();
    seat.leave();
  });
  let rang = false;
  try {
    await deps.exchange((onAgreement) =>
      dialling.connect(local, {
        onAgreement,
        onSent: (sent) => update({ leg: legOf(sent) }),
        onRinging: () => {
          if (!rang) request.progress(180, 'Ringing');
          rang = true;
        },
      }),
    );
    request.progress(200, 'OK');
    const answeredAtMs = nowMs();
    const leg = transfer.leg && { ...transfer.leg, answeredAtMs };
    update({ status: 'completed', sipCode: 200, answeredAtMs, endedAtMs: answeredAtMs, leg });
  } catch (error) {
    seat.leave();
    const { sipCode = 408, sipReason } = error instanceof NotAnswered ? error.details : { sipCode: 503 };
    if (!(error instanceof NotAnswered)) log.warn({ err: error }, 'whom the far end referred us to could not be called');
    request.progress(sipCode, sipReason ?? phraseOf(sipCode) ?? 'Failed');
    update({ status: 'failed', sipCode, reason: transferReasonOf(sipCode), endedAtMs: nowMs() });
  }
}

const begun = ({ target, replaces }: ReferRequest, startedAtMs: number): Transfer => ({
  target,
  kind: replaces === undefined ? 'blind' : 'attended',
  method: 'refer',
  by: 'far_end',
  status: 'pending',
  sipCode: undefined,
  reason: undefined,
  startedAtMs,
  answeredAtMs: undefined,
  endedAtMs: undefined,
  leg: undefined,
});

const legOf = (sent: Pick<TransferLeg, 'sipCallId' | 'fromUri' | 'toUri' | 'trunk'>): TransferLeg => ({
  ...sent,
  codec: undefined,
  srtp: undefined,
  mediaPeer: undefined,
  answeredAtMs: undefined,
  endedAtMs: undefined,
});
