import ts from 'typescript';

type Body = (...values: unknown[]) => Promise<unknown>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Body;

/** Runs an example of a document as it stands there, JavaScript or TypeScript, with `names` in its scope; `result` is what is asked of it then. */
export async function runExample(code: string, names: Readonly<Record<string, unknown>>, result: string): Promise<unknown> {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(code, { compilerOptions: options });
  const example = new AsyncFunction(...Object.keys(names), `${outputText}\nreturn ${result};`);
  return await example(...Object.values(names));
}
