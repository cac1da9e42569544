/** The part of WebAssembly used here: TypeScript declares it with the DOM only, which this project does without. */
declare namespace WebAssembly {
  type Module = object;
  type Imports = Record<string, Record<string, (...parameters: never[]) => number>>;
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  const Instance: new (module: Module, imports: Imports) => Instance;
  function compile(bytes: Uint8Array): Promise<Module>;
}
