import type { ReferRequest } from '../domain/ports/telephony.js';
import type { InDialogRequests } from './in-dialog-requests.js';
import { ALLOW, SIP_URI, splitList } from './sip-headers.js';
import type { SrfRequest, SrfResponse } from './srf-types.js';

/** How long what we were asked for may take before the subscription lapses. */
const EXPIRES_S = 180;
const TEL = /^tel:(\+?[\d().-]{1,40})(?:;|$)/i;

/** Where a REFER points (RFC 3515 section 2.1); `replaces` names the dialog that is to be taken over there (RFC 3891). */
export type ReferTarget = { target: string; replaces: string | undefined };

/** Undefined for a Refer-To that is absent, double, or asks for anything but a call. */
export function readReferTo(value: string | undefined): ReferTarget | undefined {
  const [only, ...more] = splitList(value ?? '');
  if (only === undefined || more.length > 0) return undefined;
  const uri = /<([^>]*)>/.exec(only)?.[1] ?? only.split(';', 1)[0] ?? '';
  const tel = TEL.exec(uri)?.[1];
  if (tel !== undefined) return { target: tel.replace(/[().-]/g, ''), replaces: undefined };
  const [target = '', headers = ''] = uri.split('?', 2);
  const method = /;method=([^;]+)/i.exec(target)?.[1];
  if (!SIP_URI.test(target) || (method !== undefined && method.toUpperCase() !== 'INVITE')) return undefined;
  const replaces = headers.split('&').find((header) => /^replaces=/i.test(header));
  try {
    return {
      target: target.replace(/;method=invite/i, ''),
      replaces: replaces && decodeURIComponent(replaces.slice('replaces='.length)),
    };
  } catch {
    return undefined;
  }
}

/** Whoever takes it answers it once, and tells what comes of it (RFC 3515 section 2.4). Undefined when it was refused already. */
export function receivedRefer(request: SrfRequest, response: SrfResponse, requests: InDialogRequests): ReferRequest | undefined {
  const pointsTo = readReferTo(request.get('Refer-To'));
  if (!pointsTo) {
    response.send(400);
    return undefined;
  }
  // RFC 4488: nobody wants to hear of it.
  const silent = /^\s*false\b/i.test(request.get('Refer-Sub') ?? '');
  const event = `refer;id=${Number.parseInt(request.get('CSeq') ?? '', 10) || 1}`;
  let over = silent;
  const notify = (sipCode: number, reason: string): void => {
    if (over) return;
    over = sipCode >= 200;
    const state = over ? 'terminated;reason=noresource' : `active;expires=${EXPIRES_S}`;
    const headers = { Event: event, 'Subscription-State': state, 'Content-Type': 'message/sipfrag;version=2.0' };
    const sent = requests.send({ method: 'NOTIFY', headers, body: `SIP/2.0 ${sipCode} ${reason}\r\n` });
    // A far end that is gone, or no longer interested, is told nothing more (RFC 6665 section 4.2.2).
    sent.then(
      ({ response: answer }) => {
        if (answer.status >= 400) over = true;
      },
      () => {
        over = true;
      },
    );
  };
  return {
    ...pointsTo,
    refuse: (status) => response.send(status),
    accept: () => {
      response.send(202, { headers: { Allow: ALLOW, ...(silent && { 'Refer-Sub': 'false' }) } });
      notify(100, 'Trying');
    },
    progress: notify,
  };
}
