import { z } from 'zod';
import type { ActionId } from '../core/ids.js';
import type { SecretBox } from '../core/secret-box.js';
import type { Action } from '../domain/action.js';

type Secrets = Readonly<Record<string, string>>;

const SecretsJson = z.record(z.string(), z.string());
const ownerOf = (id: ActionId): string => `action:${id}`;

export const sealSecrets = (id: ActionId, secrets: Secrets, box: SecretBox): string | undefined =>
  Object.keys(secrets).length === 0 ? undefined : box.seal(JSON.stringify(secrets), ownerOf(id));

/** @throws AppError `internal` when they were sealed with another key. */
export const openSecrets = ({ id, sealedSecrets }: Pick<Action, 'id' | 'sealedSecrets'>, box: SecretBox): Secrets =>
  sealedSecrets === undefined ? {} : SecretsJson.parse(JSON.parse(box.open(sealedSecrets, ownerOf(id))));
