import type { Cancel } from '../../core/clock.js';
import type { SipRequest } from '../message/sip-message.js';
import type { OutgoingRequest } from '../transaction/outgoing-request.js';
import type { Flow, Target } from '../transport/flow.js';
import type { Application } from './application.js';
import type { Dialog } from './dialog.js';
import type { Ways } from './ways.js';

/** A request an application has made. */
export type ClientExchange = {
  transactionId: string;
  owner: Application;
  request: SipRequest;
  flow: Flow;
  branch: string;
  sent: OutgoingRequest | undefined;
  callId: string;
  localTag: string;
  sequence: number;
  /** What its responses are delivered under; empty for requests that make no dialog. */
  dialogId: string;
  /** The dialog it was sent in. */
  dialog: Dialog | undefined;
  /** It is the dialog's pending INVITE. */
  pendsInDialog: boolean;
  /** Early and confirmed dialogs this INVITE has made, one per fork. */
  forks: Dialog[];
  /** Tags of forks that picked up when another had. */
  refused: Set<string>;
  provisional: boolean;
  final: boolean;
  cancelled: boolean;
  /** How long any response may take; timer B when absent. */
  patienceMs: number | undefined;
  /** Where it was sent to, outside dialogs, and where else it may be. */
  target: Target | undefined;
  ways: Ways | undefined;
  /** All its targets, best first, whether they answered lately or not. */
  located: readonly Target[];
  /** Of a REGISTER: how often its way is kept open once it is accepted. */
  keepAliveMs: number | undefined;
  /** Of a REGISTER: its answer says where we are. */
  learnsAddress: boolean;
  /** RSeq of each fork's last reliable provisional, by its tag (RFC 3262 section 4). */
  reliable: Map<string, number>;
  /** A CANCEL that waits for the first provisional (RFC 3261 section 9.1). */
  deferredCancel: (() => void) | undefined;
  cancelGiveUp: Cancel | undefined;
};
