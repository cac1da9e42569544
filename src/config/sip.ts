import { z } from 'zod';
import { isCidr } from '../core/source-list.js';
import { RELIABLE_POLICIES } from '../domain/call-setup.js';
import { SIP_DEFENCE } from './defence.js';
import { Origin, Path, Port } from './fields.js';
import { SIP_REGISTRAR } from './registrar.js';

const CertificateFiles = z.strictObject({ certificate: Path, key: Path });

/** PEM files; read again when they change. */
const Tls = z.strictObject({
  certificate: Path.optional(),
  key: Path.optional(),
  /** Shown instead to those who ask for a name that one of them holds. */
  certificates: z.array(CertificateFiles).max(100).default([]),
  /** The authorities that peers are held to, instead of the usual ones. */
  ca: Path.optional(),
  requireClientCertificate: z.boolean().default(false),
  /** Servers that we dial must prove their name. */
  verify: z.boolean().default(true),
});

export const Sip = z
  .strictObject({
    port: Port.default(5060),
    tlsPort: Port.optional(),
    tls: Tls.prefault({}),
    /** SIP over WebSocket (RFC 7118), plain and over TLS. */
    wsPort: Port.optional(),
    wssPort: Port.optional(),
    /** Whose pages may open one; programs that are no browsers always may. */
    wsOrigins: z.array(Origin).max(100).default([]),
    /** Asked for names of SIP servers instead of those of the system, `10.0.0.53` or `10.0.0.53:5353`. */
    dnsServers: z
      .array(z.string().regex(/^[0-9a-fA-F.:[\]]{2,60}$/, 'must be an IP address, with a port or without'))
      .max(8)
      .optional(),
    /** Whose peers are told the address of the interface instead of `externalIp`. */
    localNetworks: z.array(z.string().refine(isCidr, 'must be an IP address or a block like 10.0.0.0/8')).max(200).optional(),
    ...SIP_DEFENCE,
    ...SIP_REGISTRAR,
    reliableProvisionals: z.enum(RELIABLE_POLICIES).default('accept'),
  })
  .superRefine(({ port, tlsPort, wsPort, wssPort }, check) => {
    const taken = [port];
    for (const [name, wanted] of Object.entries({ tlsPort, wsPort, wssPort })) {
      if (wanted === undefined) continue;
      const before = taken.indexOf(wanted);
      const message = before === 0 ? 'must differ from sip.port' : 'must differ from the other SIP ports';
      if (wanted !== 0 && before >= 0) check.addIssue({ code: 'custom', path: [name], message });
      taken.push(wanted);
    }
  })
  .refine(({ tls }) => (tls.certificate === undefined) === (tls.key === undefined), {
    path: ['tls'],
    error: 'needs certificate and key, or neither',
  })
  .refine(({ tls }) => tls.certificates.length === 0 || tls.certificate !== undefined, {
    path: ['tls', 'certificates'],
    error: 'needs sip.tls.certificate as well, for those who ask for none of their names',
  })
  .refine(({ tlsPort, tls }) => tlsPort === undefined || tls.certificate !== undefined, {
    path: ['tlsPort'],
    error: 'needs sip.tls.certificate and sip.tls.key',
  })
  .refine(({ wssPort, tls }) => wssPort === undefined || tls.certificate !== undefined, {
    path: ['wssPort'],
    error: 'needs sip.tls.certificate and sip.tls.key',
  });
