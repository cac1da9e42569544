import { randomUUID } from 'node:crypto';
import type { Cancel } from '../../core/clock.js';
import { newTag } from '../message/tokens.js';
import type { IncomingRequest } from '../transaction/incoming-request.js';
import type { Application } from './application.js';
import type { Dialog } from './dialog.js';

/** A request of the network's that an application is to answer. */
export class ServerExchange {
  readonly transactionId = randomUUID() as string;
  readonly request: IncomingRequest;
  readonly owner: Application;
  /** The dialog it arrived in, or for an INVITE the one it has created. */
  dialog: Dialog | undefined;
  /** True when the request arrived inside a dialog. */
  readonly inDialog: boolean;
  /** One for all our responses, the 200 of a CANCEL and the 487 included (RFC 3261 sections 8.2.6.2 and 9.2). */
  localTag: string;
  /** The tag is on the wire and can no longer be the application's choice. */
  tagged = false;
  final = false;
  /** RSeq of the last reliable provisional (RFC 3262). */
  reliableSequence = 0;
  cancelNoAnswer: Cancel | undefined;
  /** The caller said how long its INVITE is good for. */
  cancelExpiry: Cancel | undefined;

  constructor(request: IncomingRequest, owner: Application, dialog: Dialog | undefined) {
    this.request = request;
    this.owner = owner;
    this.dialog = dialog;
    this.inDialog = dialog !== undefined;
    this.localTag = dialog?.localTag ?? newTag();
  }
}
