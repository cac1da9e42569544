import { AppError } from '../../core/errors.js';
import type { Call } from '../../domain/call.js';
import type { Values } from '../../domain/placeholders.js';
import type { TransferRequest } from '../../domain/ports/call-control.js';
import type { OutboundRoute, Way } from '../../domain/ports/outbound-route.js';
import { type ReferRequest, type SipParty } from '../../domain/ports/telephony.js';
import { type Charge, type TollGuard } from '../../domain/ports/toll-guard.js';
import type { TransferAsker } from '../../domain/transfer.js';
import type { Trunk } from '../../domain/trunk.js';
import { OutboundDialling } from '../outbound-dialling.js';
import type { Seat } from '../outbound-lines.js';
import { CallTransfer, type CallTransferDeps, type TransferPlan } from './call-transfer.js';
import type { TargetLegDeps } from './target-leg.js';

export type TransferDeskDeps = TargetLegDeps & {
  route: OutboundRoute;
  /** Told of each transfer. */
  tolls?: Pick<TollGuard, 'placed'> | undefined;
  ringTimeoutMs: number;
  /** How calls over a trunk are handed over; undefined for one that is gone. */
  handoverOf: ((trunk: Trunk['id']) => Pick<Trunk, 'transfer' | 'acceptRefer'> | undefined) | undefined;
};

/** Somebody who can be called now. Whoever has it leaves the seat. */
export type Reached = { seat: Seat; dialling: OutboundDialling };

/** Where calls are handed over: knows who can be reached, how, and under whose name. */
export class TransferDesk {
  readonly #deps: TransferDeskDeps;

  constructor(deps: TransferDeskDeps) {
    this.#deps = deps;
  }

  /** For one call. */
  open(deps: Omit<CallTransferDeps, keyof TargetLegDeps>): CallTransfer {
    return new CallTransfer({ ...this.#deps, ...deps });
  }

  /** @throws AppError as `OutboundRoute.waysTo` for a number. */
  planFor(call: Call, request: TransferRequest, by: TransferAsker): TransferPlan {
    const { target, method, ringTimeoutMs = this.#deps.ringTimeoutMs, apiKeyId = call.apiKeyId } = request;
    const [way] = target.startsWith('+') ? this.#deps.route.waysTo(call.tenantId, target, { apiKeyId }) : [{ uri: target }];
    // Whoever places it, it is a call that we asked for.
    const takeBack = this.#deps.tolls?.placed(call.tenantId, apiKeyId);
    return {
      ...request,
      by,
      trunk: call.trunk,
      policy: method ?? this.#handoverOf(call)?.transfer ?? 'auto',
      uri: way?.uri ?? target,
      ways: () => {
        takeBack?.();
        const ways = this.#waysTo(call, target, { apiKeyId });
        this.#deps.tolls?.placed(call.tenantId, apiKeyId);
        return ways;
      },
      ringTimeoutMs,
    };
  }

  /**
   * Whom the far end has us call in its place. `variables` of the call fill the headers of trunks.
   *
   * @throws AppError `forbidden` where its trunk has no right to that, and as `OutboundRoute`.
   */
  reach(call: Call, { target, replaces }: Pick<ReferRequest, 'target' | 'replaces'>, variables: Values): Reached {
    if (!this.#handoverOf(call)?.acceptRefer) throw new AppError('forbidden', 'the far end may not have us call anybody');
    const { clock, telephony, lines, route, ringTimeoutMs, firstResponseMs } = this.#deps;
    const { tenantId, apiKeyId } = call;
    const ways = /^sips?:/i.test(target)
      ? route.waysToUri(tenantId, target, { apiKeyId })
      : route.waysTo(tenantId, target, { apiKeyId });
    const farEnd = call.direction === 'inbound' ? call.fromUri : call.toUri;
    const headers = { 'Referred-By': `<${farEnd}>`, ...(replaces !== undefined && { Replaces: replaces }) };
    const seat = lines.take(
      ways.map((way) => ({
        ...way,
        // A dialog is taken over where it is, and nowhere else.
        ...(replaces !== undefined && { uri: target }),
        terms: { ...way.terms, headers: { ...way.terms?.headers, ...headers } },
      })),
    );
    this.#deps.tolls?.placed(tenantId, apiKeyId);
    return { seat, dialling: new OutboundDialling(seat, { clock, telephony, ringTimeoutMs, firstResponseMs, variables }) };
  }

  #handoverOf({ trunk }: Call): Pick<Trunk, 'transfer' | 'acceptRefer'> | undefined {
    return trunk && this.#deps.handoverOf?.(trunk.id);
  }

  #waysTo(call: Call, target: string, charge: Charge): readonly Way[] {
    const { route } = this.#deps;
    const { tenantId } = call;
    const ways = target.startsWith('+') ? route.waysTo(tenantId, target, charge) : route.waysToUri(tenantId, target, charge);
    return ways.map((way) => inTheNameOf(call, way));
  }
}

/** The target is told for whom the call is, and who hands it over (RFC 5806, RFC 3892); over a trunk we stay who we are there. */
function inTheNameOf({ direction, fromUri, toUri }: Call, { from, trunk, terms, ...way }: Way): Way {
  const [farEnd, ours] = direction === 'inbound' ? [fromUri, toUri] : [toUri, fromUri];
  const headers = { 'Referred-By': `<${ours}>`, Diversion: `<${ours}>;reason=deflection`, ...terms?.headers };
  return { ...way, trunk, from: from ?? (trunk ? undefined : partyOf(farEnd)), terms: { ...terms, headers } };
}

/** As seen from here: the far end's own host says nothing to the target. */
function partyOf(uri: string): SipParty | undefined {
  const user = /^sips?:([^@;?:]+)[^@]*@/i.exec(uri)?.[1];
  return user === undefined ? undefined : { uri: `sip:${user}@localhost`, user, displayName: undefined };
}
