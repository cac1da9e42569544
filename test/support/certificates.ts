import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** PEM files: a certificate that signs itself, so that it is its own authority, and its key. */
export type Certificate = { certificate: string; key: string };

/** Made by openssl, for these names (`DNS:localhost`, `IP:127.0.0.1`). Files of the same name are replaced. */
export function makeCertificate(folder: string, name: string, names: readonly string[]): Certificate {
  const [key, certificate] = [join(folder, `${name}.key.pem`), join(folder, `${name}.pem`)];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names.join(',')}`, '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', certificate, ...subject], { stdio: 'ignore' });
  return { certificate, key };
}
