/** What the tests read of an OpenAPI document. */
export type Schema = Record<string, unknown>;
export type Parameter = { $ref?: string; name?: string; in?: string; required?: boolean; schema?: Schema };
export type Media = { schema: Schema; example?: unknown };
type Body = { required?: boolean; content?: Record<string, Media> };
type ResponseDefinition = { description: string; headers?: Record<string, unknown>; content?: Record<string, Media> };
type Definition = {
  operationId?: string;
  tags?: string[];
  summary?: string;
  parameters?: Parameter[];
  requestBody?: Body;
  responses: Record<string, ResponseDefinition>;
};
export type ServedDocument = {
  openapi: string;
  paths: Record<string, Record<string, Definition>>;
  components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> };
};
export type Operation = { name: string; method: string; path: string; definition: Definition };

type Server = { raw(path: string): Promise<Response> };

/** The document as a running server gives it out. */
export async function servedDocument(server: Server): Promise<ServedDocument> {
  return (await (await server.raw('/openapi.json')).json()) as ServedDocument;
}

export const operationsOf = (document: ServedDocument): Operation[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, definition]) => ({ name: `${method.toUpperCase()} ${path}`, method, path, definition })),
  );

/** The JSON bodies that an operation takes and gives. */
export function jsonContents({ definition }: Operation): { where: string; media: Media }[] {
  const bodies: [string, Body | undefined][] = [['request', definition.requestBody], ...Object.entries(definition.responses)];
  return bodies.flatMap(([where, body]) => {
    const media = body?.content?.['application/json'];
    return media ? [{ where, media }] : [];
  });
}
