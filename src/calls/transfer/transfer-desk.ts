import { AppError } from '../../core/errors.js';
import type { Call, Termination } from '../../domain/call.js';
import type { Values } from '../../domain/placeholders.js';
import type { TransferRequest } from '../../domain/ports/call-control.js';
import type { Sounds } from '../../domain/ports/media.js';
import type { OutboundRoute, Way } from '../../domain/ports/outbound-route.js';
import { type ReferRequest, type SipParty } from '../../domain/ports/telephony.js';
import { type Charge, type TollGuard } from '../../domain/ports/toll-guard.js';
import type { TransferAsker } from '../../domain/transfer.js';
import type { Trunk } from '../../domain/trunk.js';
import { NotAnswered } from '../call-origin.js';
import { CallConference, type CallConferenceDeps } from '../conference/call-conference.js';
import type { TransferTarget } from '../inbound-route.js';
import { OutboundDialling } from '../outbound-dialling.js';
import type { Seat } from '../outbound-lines.js';
import { CallTransfer, type CallTransferDeps, type TransferPlan } from './call-transfer.js';
import { Forwarding, type ForwardingDeps } from './forwarding.js';
import type { TargetLegDeps } from './target-leg.js';

export type TransferDeskDeps = TargetLegDeps & {
  /** Its music is heard while a target is consulted; ringing when absent. */
  sounds?: Sounds | undefined;
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
  open(deps: Omit<CallTransferDeps, keyof TargetLegDeps | 'musicOnHold'>): CallTransfer {
    const { sounds, ...legDeps } = this.#deps;
    return new CallTransfer({ ...legDeps, ...deps, musicOnHold: sounds?.musicOnHold });
  }

  /** Of one call: whom it calls are called as transfer targets are. */
  confer(
    call: () => Call,
    deps: Omit<CallConferenceDeps, keyof TargetLegDeps | 'waysTo' | 'placed' | 'ringTimeoutMs'>,
  ): CallConference {
    return new CallConference({
      ...this.#deps,
      ...deps,
      waysTo: (target, apiKeyId = call().apiKeyId) =>
        this.#reached(call(), target, { apiKeyId }).map((way) => inTheNameOf(call(), way, {})),
      placed: (apiKeyId = call().apiKeyId) => void this.#deps.tolls?.placed(call().tenantId, apiKeyId),
    });
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

  /** Calls those whom a call that nobody has answered is for. */
  forward(call: Call, target: TransferTarget, deps: Omit<ForwardingDeps, keyof TargetLegDeps | 'ringSound'>): Forwarding {
    const { by, ringTimeoutMs = this.#deps.ringTimeoutMs } = target;
    const plans = target.to.map((to): TransferPlan => {
      const ways = (): readonly Way[] => this.#waysThrough(call, to, target);
      const { trunk } = call;
      return { target: to, kind: 'blind', policy: 'bridge', by, trunk, uri: to, ways, consent: 'none', ringTimeoutMs };
    });
    const ringSound = this.#deps.sounds?.beforeAnswer;
    return new Forwarding(plans, { ...this.#deps, ...deps, ringSound });
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
    return this.#reached(call, target, charge).map((way) => inTheNameOf(call, way, handedOver(call)));
  }

  #waysThrough(call: Call, to: string, { by, caller, called, loops, maxForwards }: TransferTarget): readonly Way[] {
    const reached = this.#reached(call, /^(\+|sips?:)/i.test(to) ? to : `sip:${to}@localhost`);
    const comesBack = ({ trunk }: Way): boolean => loops.includes(to) && trunk?.id === call.trunk?.id;
    const ways = wasHere(call, called) ? [] : reached.filter((way) => !comesBack(way));
    if (ways.length === 0) throw new NotAnswered(LOOP, { sipCode: 482, endedBy: 'system' });
    // Who is registered here costs nothing.
    if (ways.some(({ trunk, targets }) => trunk || !targets)) this.#deps.tolls?.placed(call.tenantId);
    const headers = { ...(by === 'route' && forwarded(call)), ...(maxForwards !== undefined && oneHopMore(maxForwards)) };
    return ways.map((way) => inTheNameOf(call, way, headers, caller.displayName));
  }

  #reached({ tenantId }: Call, target: string, charge?: Charge): readonly Way[] {
    const { route } = this.#deps;
    return target.startsWith('+') ? route.waysTo(tenantId, target, charge) : route.waysToUri(tenantId, target, charge);
  }
}

type Headers = Readonly<Record<string, string>>;

const LOOP: Termination = { result: 'client_error', reason: 'rejected' };

/** The target sees who the far end is; over a trunk we stay who we are there. */
function inTheNameOf(call: Call, { from, trunk, terms, ...way }: Way, headers: Headers, displayName?: string): Way {
  const party = trunk ? undefined : partyOf(endsOf(call).farEnd, displayName);
  return { ...way, trunk, from: from ?? party, terms: { ...terms, headers: { ...headers, ...terms?.headers } } };
}

/** For whom the call was, and who hands it over (RFC 5806, RFC 3892). */
function handedOver(call: Call): Headers {
  const { ours } = endsOf(call);
  return { 'Referred-By': `<${ours}>`, Diversion: `<${ours}>;reason=deflection` };
}

const forwarded = (call: Call): Headers => ({ Diversion: `<${endsOf(call).ours}>;reason=unconditional` });

/** A call that goes round ends even where nobody says that it was diverted (RFC 3261 section 8.1.1.6). */
const oneHopMore = (maxForwards: number): Headers => ({ 'Max-Forwards': String(Math.max(0, Math.min(maxForwards, 70) - 1)) });

/** Whether who is called now has sent the call on before. */
const wasHere = ({ setup }: Call, called: string | undefined): boolean =>
  called !== undefined && setup.diversions.some(({ user }) => user === called);

const endsOf = ({ direction, fromUri, toUri }: Call): { farEnd: string; ours: string } =>
  direction === 'inbound' ? { farEnd: fromUri, ours: toUri } : { farEnd: toUri, ours: fromUri };

const userOf = (uri: string): string | undefined => /^sips?:([^@;?:]+)[^@]*@/i.exec(uri)?.[1];

/** As seen from here: the far end's own host says nothing to the target. */
function partyOf(uri: string, displayName: string | undefined): SipParty | undefined {
  const user = userOf(uri);
  return user === undefined ? undefined : { uri: `sip:${user}@localhost`, user, displayName };
}
