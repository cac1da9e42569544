import { networkInterfaces } from 'node:os';
import { systemClock } from './core/clock.js';
import { CloseStack } from './core/lifecycle.js';
import type { Logger } from './core/log.js';
import type { SrtpPolicy } from './domain/ports/media.js';
import type { Telephony } from './domain/ports/telephony.js';
import type { TrunkSignalling } from './domain/ports/trunk-signalling.js';
import type { VoiceActivity } from './domain/ports/voice-activity.js';
import { type NativeMediaEngine, startMediaEngine } from './media/native-engine.js';
import { startEmbeddedSignalling } from './signalling/embedded-server.js';
import type { SignallingTls } from './signalling/signalling-server.js';
import { connectTelephony } from './sip/drachtio-telephony.js';
import { startVoiceActivity, type VoiceActivityLag } from './vad/voice-activity.js';

export type EndpointOptions = {
  bind: string;
  /** 0 takes any free port. */
  sipPort: number;
  tls?: SignallingTls | undefined;
  externalIp?: string | undefined;
  /** Present: a real drachtio-server carries the signalling. */
  drachtio?: { host: string; port: number; secret: string } | undefined;
  media: { rtpPorts: { min: number; max: number }; capacity: number; timeoutMs: number; srtp?: SrtpPolicy | undefined };
  log: Logger;
  /** The signalling thread died or its connection dropped for good. */
  onSignallingLost?: (error: Error) => void;
};

/** What every SIP endpoint is made of, be it the server or the caller of `offhook call`. */
export type Endpoint = {
  telephony: Telephony & TrunkSignalling;
  media: NativeMediaEngine;
  voice: VoiceActivity & { lag(): VoiceActivityLag };
  /** 0 when a real drachtio-server holds the SIP port. */
  sipPort: number;
  /** 0 while TLS is not listened on. */
  tlsPort: number;
  close(): Promise<void>;
};

/** Starts signalling, SIP, media and voice activity detection; on a failure closes what had been started. */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const stack = new CloseStack();
  try {
    const { log } = options;
    const media = startMediaEngine({ bind: options.bind, ...options.media, log });
    stack.push(() => media.close());
    const voice = await startVoiceActivity({ audioMemory: media.audioMemory, clock: systemClock, log });
    stack.push(() => voice.close());
    const server = options.drachtio ? { ...options.drachtio, sipPort: 0, tlsPort: 0 } : await startEmbedded(options, stack);
    const telephony = await connectTelephony({
      host: server.host,
      port: server.port,
      secret: server.secret,
      address: options.externalIp ?? ownAddress(options.bind),
      userAgent: 'Offhook',
      srtp: options.media.srtp,
      log,
      clock: systemClock,
    });
    stack.push(() => telephony.close());
    return { telephony, media, voice, sipPort: server.sipPort, tlsPort: server.tlsPort, close: () => stack.close() };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

async function startEmbedded(options: EndpointOptions, stack: CloseStack) {
  const signalling = await startEmbeddedSignalling({
    bind: options.bind,
    sipPort: options.sipPort,
    tls: options.tls,
    ...(options.externalIp === undefined ? {} : { externalIp: options.externalIp }),
    log: options.log,
  });
  stack.push(() => signalling.close());
  signalling.onExit((error) => options.onSignallingLost?.(error));
  return signalling;
}

/** The address that stands in our session descriptions when none is configured: the bound one, or this machine's first outer IPv4. */
function ownAddress(bind: string): string {
  if (bind !== '0.0.0.0' && bind !== '::') return bind;
  const outer = Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry !== undefined && entry.family === 'IPv4' && !entry.internal);
  return outer?.address ?? '127.0.0.1';
}
