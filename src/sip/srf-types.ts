import type { Socket } from 'node:net';
/**
 * The part of drachtio-srf we use, as it really behaves: the types it ships leave out events, callbacks and absent values.
 */
export type Headers = Record<string, string>;

type Aor = { name?: string; uri: string; params?: Record<string, string | undefined> };

export interface SrfMessage {
  /** Undefined when the message had no Content-Length. */
  body: string | undefined;
  /** The parts of a multipart body; otherwise one entry with the body itself. */
  payload?: { type: string | null | undefined; content?: string | undefined }[];
  get(name: string): string | undefined;
  has(name: string): boolean;
  /** @throws when the header is absent. */
  getParsedHeader(name: 'from' | 'to'): Aor;
}

export interface SrfRequest extends SrfMessage {
  method: string;
  uri: string;
  source: 'network' | 'application';
  source_address: string;
  source_port: number;
  protocol: string;
  /** The CANCEL as it came, or as the signalling server made it up. */
  on(event: 'cancel', listener: (cancel: SrfMessage) => void): void;
  /** An UPDATE before the final response. */
  on(event: 'update', listener: RequestListener): void;
  removeAllListeners(event: 'update'): void;
  /** `ack` acknowledges the 2xx to an INVITE. */
  on(event: 'response', listener: (response: SrfResponse, ack: (options: { body?: string }) => void) => void): void;
  cancel(callback: (error?: unknown) => void): void;
}

export interface SrfResponse extends SrfMessage {
  status: number;
  reason: string;
  /** Who sent it; empty for one that the server made up. */
  source_address: string;
  source_port: string;
  finalResponseSent: boolean;
  /** Does nothing once a final response went out; a callback gets an error when the connection is gone. */
  send(status: number, options?: { headers?: Headers; body?: string }, callback?: (error: unknown) => void): void;
}

export type RequestListener = (request: SrfRequest, response: SrfResponse) => void;

export interface SrfDialog {
  readonly id: string;
  readonly type: 'uas' | 'uac';
  readonly socket: unknown;
  readonly agent: {
    request(
      options: { method: string; stackDialogId: string; headers: Headers; body: string | undefined; _socket: unknown },
      callback: (error: unknown, request?: SrfRequest) => void,
    ): void;
  };
  /** The INVITE that made it, and its 2xx. */
  readonly req: SrfMessage;
  readonly res: SrfMessage;
  readonly srf: { removeDialog(dialog: SrfDialog): void };
  sip: { callId: string; localTag: string; remoteTag: string };
  local: { sdp: string; contact: string; uri?: string };
  /** `uri`: of its Contact. */
  remote: { sdp: string | undefined; uri: string };
  handle(request: SrfRequest, response: SrfResponse): void;
  on(event: 'ack', listener: (request: SrfRequest) => void): this;
  /** `reason` is the Reason text when the signalling server ended the dialog itself. */
  on(event: 'destroy', listener: (request: SrfRequest, reason: string | undefined) => void): this;
  on(event: 'modify' | 'update' | 'info' | 'options' | 'message' | 'refer' | 'notify', listener: RequestListener): this;
  removeAllListeners(): void;
  /** Sends BYE. The callback comes with its answer. */
  destroy(options: { headers?: Headers }, callback: (error: unknown) => void): void;
}

export type SrfFailure = Error & { status?: number; reason?: string; code?: string; res?: SrfResponse };

/** An answered INVITE that had no offer. */
export type DelayedOffer = {
  sdp: string;
  ack: (answer: string) => Promise<SrfDialog>;
  /** Acknowledges, and sends BYE. */
  destroy: () => Promise<void>;
};

export interface SrfClient {
  /** The connection's inner state; `closing` stops the endless attempts to connect again, `mapIncomingMsg` holds by socket what was read of a frame. */
  readonly app: { client?: { wp: { closing?: boolean; mapIncomingMsg: Map<Socket, unknown> } } };
  connect(options: { host: string; port: number; secret: string; reconnect: { retryMaxDelay: number } }): void;
  disconnect(): void;
  request(
    uri: string,
    options: { method: string; headers?: Headers; proxy?: string; body?: string },
    callback: (error: unknown, request?: SrfRequest) => void,
  ): void;
  use(method: string, listener: RequestListener): void;
  on(event: 'connect', listener: (error: Error | null, hostport?: string) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'close', listener: () => void): void;
  createUAS(
    request: SrfRequest,
    response: SrfResponse,
    options: { localSdp: string; headers: Headers },
    callback: (error: SrfFailure | null, dialog?: SrfDialog) => void,
  ): void;
  createUAC(
    uri: string,
    /** Without `localSdp`, and with `noAck`, the 200 brings the offer, and the callback gets a `DelayedOffer`. */
    options: { localSdp?: string; noAck?: boolean; headers: Headers; proxy?: string },
    progress: { cbRequest: (error: unknown, request?: SrfRequest) => void; cbProvisional: (response: SrfResponse) => void },
    callback: (error: SrfFailure | null, answered?: SrfDialog | DelayedOffer) => void,
  ): void;
}
