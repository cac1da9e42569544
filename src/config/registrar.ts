import { z } from 'zod';
import { DIGEST_ALGORITHMS } from '../domain/ports/authentication.js';

/** How those who register to us are treated. */
const SipRegistrar = z
  .strictObject({
    minExpiresS: z.number().int().min(1).max(86_400).default(60),
    maxExpiresS: z.number().int().min(1).max(86_400).default(3600),
    defaultExpiresS: z.number().int().min(1).max(86_400).default(3600),
    /** How often each contact is asked whether it is there, which keeps its way through a NAT open. */
    pingMs: z.number().int().min(1000).max(86_400_000).default(30_000),
    /** After so many pings without an answer it is taken away. */
    pingFailures: z.number().int().min(1).max(100).default(3),
    /** What challenges offer, in this order. Some phones know MD5 alone and give up where they see anything else. */
    digest: z
      .array(z.enum(DIGEST_ALGORITHMS))
      .min(1)
      .default([...DIGEST_ALGORITHMS]),
  })
  .refine(({ minExpiresS, maxExpiresS }) => minExpiresS <= maxExpiresS, {
    path: ['minExpiresS'],
    error: 'must not exceed maxExpiresS',
  })
  .refine(({ minExpiresS, maxExpiresS, defaultExpiresS: usual }) => usual >= minExpiresS && usual <= maxExpiresS, {
    path: ['defaultExpiresS'],
    error: 'must lie between minExpiresS and maxExpiresS',
  });

/** The part of `sip` that says who may register here. */
export const SIP_REGISTRAR = {
  /** Under which phones register, and for which their passwords hold; any name or address of this server is taken as well. */
  domain: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i, 'must be a host name')
    .optional(),
  registrar: SipRegistrar.prefault({}),
};
