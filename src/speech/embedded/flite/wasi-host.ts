/** The one file the guest may write, at descriptor 4 once opened; descriptor 3 is the directory that holds it. */
const DIRECTORY_FD = 3;
const FILE_FD = 4;
const ERRNO = { ok: 0, badf: 8, inval: 28, spipe: 70 } as const;
const FILETYPE = { characterDevice: 2, directory: 3, regularFile: 4 } as const;
const WHENCE = { set: 0, current: 1 } as const;
/** All rights; the host refuses what it does not have anyway. */
const ALL_RIGHTS = 0x1fffffffn;
/** No sentence is longer than four minutes: a guest that goes on writing is broken. */
const MAX_FILE_BYTES = 8_000_000;
const MAX_STDERR_CHARS = 2000;

class GuestExit extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/** A file in memory that can be written anywhere and grows. */
class MemoryFile {
  #bytes = new Uint8Array(1 << 18);
  #sizeBytes = 0;
  #position = 0;

  write(data: Uint8Array): void {
    const end = this.#position + data.length;
    if (end > MAX_FILE_BYTES) throw new Error('the guest wrote more than a sentence can be');
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, end));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(data, this.#position);
    this.#position = end;
    this.#sizeBytes = Math.max(this.#sizeBytes, end);
  }

  /** @returns the new position, or undefined when it would lie before the start. */
  seek(offset: number, whence: number): number | undefined {
    const base = whence === WHENCE.set ? 0 : whence === WHENCE.current ? this.#position : this.#sizeBytes;
    if (base + offset < 0) return undefined;
    this.#position = base + offset;
    return this.#position;
  }

  contents(): Uint8Array {
    return this.#bytes.subarray(0, this.#sizeBytes);
  }
}

/**
 * Just enough of `wasi_snapshot_preview1` to run one command line that writes one file: no real file system, no clock worth the name,
 * no environment. node:wasi would do, but warns on standard error and needs a temporary directory.
 */
class WasiHost {
  readonly #arguments: Uint8Array[];
  readonly #file = new MemoryFile();
  #memory: WebAssembly.Memory | undefined;
  #stderr = '';

  constructor(commandLine: readonly string[]) {
    this.#arguments = commandLine.map((argument) => new TextEncoder().encode(`${argument}\0`));
  }

  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  get stderr(): string {
    return this.#stderr;
  }

  output(): Uint8Array {
    return this.#file.contents();
  }

  // Views are made afresh for each access: growing the memory detaches the old ones.
  #view(): DataView {
    return new DataView((this.#memory as WebAssembly.Memory).buffer);
  }

  #bytes(): Uint8Array {
    return new Uint8Array((this.#memory as WebAssembly.Memory).buffer);
  }

  imports(): Record<string, (...parameters: never[]) => number> {
    return { ...this.#processImports(), ...this.#directoryImports(), ...this.#fileImports() };
  }

  #processImports() {
    return {
      args_sizes_get: (countPointer: number, sizePointer: number): number => {
        const view = this.#view();
        view.setUint32(countPointer, this.#arguments.length, true);
        view.setUint32(
          sizePointer,
          this.#arguments.reduce((sum, argument) => sum + argument.length, 0),
          true,
        );
        return ERRNO.ok;
      },
      args_get: (pointersPointer: number, dataPointer: number): number => {
        let pointer = pointersPointer;
        let data = dataPointer;
        for (const argument of this.#arguments) {
          this.#view().setUint32(pointer, data, true);
          this.#bytes().set(argument, data);
          pointer += 4;
          data += argument.length;
        }
        return ERRNO.ok;
      },
      clock_time_get: (_id: number, _precision: bigint, timePointer: number): number => {
        this.#view().setBigUint64(timePointer, process.hrtime.bigint(), true);
        return ERRNO.ok;
      },
      proc_exit: (status: number): number => {
        throw new GuestExit(status);
      },
    };
  }

  #directoryImports() {
    const name = new TextEncoder().encode(DIRECTORY);
    return {
      fd_prestat_get: (fd: number, pointer: number): number => {
        if (fd !== DIRECTORY_FD) return ERRNO.badf;
        this.#view().setUint8(pointer, 0);
        this.#view().setUint32(pointer + 4, name.length, true);
        return ERRNO.ok;
      },
      fd_prestat_dir_name: (_fd: number, pointer: number): number => {
        this.#bytes().set(name, pointer);
        return ERRNO.ok;
      },
      path_open: (...parameters: [number, number, number, number, number, bigint, bigint, number, number]): number => {
        this.#view().setUint32(parameters[8], FILE_FD, true);
        return ERRNO.ok;
      },
    };
  }

  #fileImports() {
    return {
      fd_fdstat_get: (fd: number, pointer: number): number => {
        this.#bytes().fill(0, pointer, pointer + 24);
        const type = fd === DIRECTORY_FD ? FILETYPE.directory : fd === FILE_FD ? FILETYPE.regularFile : FILETYPE.characterDevice;
        this.#view().setUint8(pointer, type);
        this.#view().setBigUint64(pointer + 8, ALL_RIGHTS, true);
        this.#view().setBigUint64(pointer + 16, ALL_RIGHTS, true);
        return ERRNO.ok;
      },
      fd_fdstat_set_flags: (): number => ERRNO.ok,
      fd_write: (fd: number, vectorsPointer: number, vectorCount: number, writtenPointer: number): number => {
        let written = 0;
        for (let i = 0; i < vectorCount; i++) {
          const pointer = this.#view().getUint32(vectorsPointer + 8 * i, true);
          const length = this.#view().getUint32(vectorsPointer + 8 * i + 4, true);
          const data = this.#bytes().subarray(pointer, pointer + length);
          if (fd === FILE_FD) this.#file.write(data);
          else if (this.#stderr.length < MAX_STDERR_CHARS) this.#stderr += new TextDecoder().decode(data);
          written += length;
        }
        this.#view().setUint32(writtenPointer, written, true);
        return ERRNO.ok;
      },
      fd_seek: (fd: number, offset: bigint, whence: number, positionPointer: number): number => {
        if (fd !== FILE_FD) return ERRNO.spipe;
        const position = this.#file.seek(Number(offset), whence);
        if (position === undefined) return ERRNO.inval;
        this.#view().setBigUint64(positionPointer, BigInt(position), true);
        return ERRNO.ok;
      },
      fd_read: (_fd: number, _vectors: number, _count: number, readPointer: number): number => {
        this.#view().setUint32(readPointer, 0, true);
        return ERRNO.ok;
      },
      fd_close: (): number => ERRNO.ok,
    };
  }
}

/** Where the guest's output file may be named; the name inside does not matter. */
export const DIRECTORY = '/out';

/**
 * Runs a WASI command to its end and returns the file it wrote. Each run has its own instance, so no run can leave state to the next.
 * Synchronous: for a worker thread. @throws Error when the guest traps or exits with a status other than 0
 */
export function runWasiCommand(module: WebAssembly.Module, commandLine: readonly string[]): Uint8Array {
  const host = new WasiHost(commandLine);
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: host.imports() });
  host.attach(instance.exports['memory'] as WebAssembly.Memory);
  try {
    (instance.exports['_start'] as () => void)();
  } catch (error) {
    if (!(error instanceof GuestExit)) throw error;
    if (error.status !== 0)
      throw new Error(`${commandLine[0]} exited with status ${error.status}: ${host.stderr}`, { cause: error });
  }
  return host.output();
}
