import { isIP } from 'node:net';
import { z } from 'zod';

/** 0 takes any free port. */
export const Port = z.number().int().min(0).max(65_535);
export const Millis = z.number().int().min(1).max(86_400_000);
export const Address = z.string().refine((text) => isIP(text) !== 0, 'must be an IP address');
export const HttpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });
/** As browsers send it: scheme, host and a port that is not the usual one; `*` is any. */
export const Origin = z
  .string()
  .max(300)
  .refine(
    (text) => text === '*' || (/^https?:/.test(text) && URL.parse(text)?.origin === text),
    'must be an origin like https://app.example.com, or *',
  );
export const Secret = z.string().min(1, 'must not be empty').max(4096);
export const Name = z.string().min(1).max(200);
export const Path = z.string().min(1).max(4096);
