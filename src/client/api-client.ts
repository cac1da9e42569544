import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './api-types.js';

/** The native dialect, typed by its own document: a path, a field or a parameter that does not exist does not compile. */
export type ApiClient = Client<paths>;

/** `url` is where the server is reached, e.g. `http://localhost:8080`. */
export const createApiClient = ({ url, key }: { url: string; key: string }): ApiClient =>
  createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${key}` } });
