const WRAPPERS = ['payload', 'Payload', 'actionPayload'];

/** What a body holds as its payload, which the document wraps in three ways and sometimes in none. */
export function payloadOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const wrapper = WRAPPERS.find((name) => Object.hasOwn(body, name));
  return wrapper === undefined ? body : (body as Record<string, unknown>)[wrapper];
}
