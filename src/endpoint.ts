import { systemClock } from './core/clock.js';
import { CloseStack } from './core/lifecycle.js';
import type { Logger } from './core/log.js';
import { OwnAddresses } from './core/own-addresses.js';
import type { ReliablePolicy } from './domain/call-setup.js';
import type { EchoCancellation, SrtpPolicy } from './domain/ports/media.js';
import type { RegistrarSignalling } from './domain/ports/registrar-signalling.js';
import type { Telephony } from './domain/ports/telephony.js';
import type { TextSignalling } from './domain/ports/texts.js';
import type { TrunkSignalling } from './domain/ports/trunk-signalling.js';
import type { VoiceActivity } from './domain/ports/voice-activity.js';
import { type NativeMediaEngine, startMediaEngine } from './media/native-engine.js';
import { type RemoteGate, startEmbeddedSignalling } from './signalling/embedded-server.js';
import type { GateOptions } from './signalling/gate/gate.js';
import type { SignallingPorts, SignallingTls } from './signalling/signalling-server.js';
import type { WebSocketOptions } from './signalling/transport/transport-layer.js';
import { connectTelephony } from './sip/drachtio-telephony.js';
import { type AudioWishes, DEFAULT_AUDIO } from './sip/sdp/audio-format.js';
import { startVoiceActivity, type VoiceActivityLag } from './vad/voice-activity.js';

export type EndpointOptions = {
  bind: string;
  /** 0 takes any free port. */
  sipPort: number;
  tls?: SignallingTls | undefined;
  ws?: WebSocketOptions | undefined;
  externalIp?: string | undefined;
  /** Whose peers are told the interface's address instead; undefined: private ones, when the external address is none. */
  localNetworks?: readonly string[] | undefined;
  /** Who is let in, and how much; absent: everybody. */
  gate?: GateOptions | undefined;
  /** Present: a real drachtio-server carries the signalling. */
  drachtio?: { host: string; port: number; secret: string } | undefined;
  media: {
    rtpPorts: { min: number; max: number };
    capacity: number;
    srtp?: SrtpPolicy | undefined;
    echoCancellation?: EchoCancellation | undefined;
    opusComplexity?: number | undefined;
  } & Partial<AudioWishes>;
  /** `accept` when absent. */
  reliableProvisionals?: ReliablePolicy | undefined;
  log: Logger;
  /** The signalling thread died or its connection dropped for good. */
  onSignallingLost?: (error: Error) => void;
  /** Who is registered should register again: at this registrar, or everywhere, because our own address is another. */
  onUnreachable?: (registrarAddress?: string) => void;
  /** Name servers to ask instead of the system's. */
  dnsServers?: readonly string[] | undefined;
};

/** What every SIP endpoint is made of, be it the server or the caller of `offhook call`. */
export type Endpoint = {
  telephony: Telephony & TrunkSignalling & RegistrarSignalling & TextSignalling;
  media: NativeMediaEngine;
  voice: VoiceActivity & { lag(): VoiceActivityLag };
  /** Of this machine. */
  addresses: OwnAddresses;
  /** 0 for what is not listened on, and when a real drachtio-server holds the ports. */
  ports: Omit<SignallingPorts, 'appPort'>;
  /** Absent when a real drachtio-server holds the ports. */
  gate: RemoteGate | undefined;
  close(): Promise<void>;
};

const NO_PORTS = { sipPort: 0, tlsPort: 0, wsPort: 0, wssPort: 0 };

/** Starts signalling, SIP, media and voice activity detection; on a failure closes what had been started. */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const stack = new CloseStack();
  try {
    const { log } = options;
    const media = startMediaEngine({ bind: options.bind, ...options.media, log });
    stack.push(() => media.close());
    const voice = await startVoiceActivity({ audioMemory: media.audioMemory, clock: systemClock, log });
    stack.push(() => voice.close());
    const server = options.drachtio ? { ...options.drachtio, ...NO_PORTS, gate: undefined } : await startEmbedded(options, stack);
    const addresses = new OwnAddresses(systemClock, { ...options, externalIp: options.externalIp });
    const { codecs, ptimeMs, comfortNoise } = { ...DEFAULT_AUDIO, ...options.media };
    const telephony = await connectTelephony({
      host: server.host,
      port: server.port,
      secret: server.secret,
      addresses,
      userAgent: 'Offhook',
      audio: { codecs, ptimeMs, comfortNoise },
      srtp: options.media.srtp,
      reliable: options.reliableProvisionals,
      log,
      clock: systemClock,
    });
    stack.push(() => telephony.close());
    const { sipPort, tlsPort, wsPort, wssPort, gate } = server;
    return { telephony, media, voice, addresses, ports: { sipPort, tlsPort, wsPort, wssPort }, gate, close: () => stack.close() };
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
    ws: options.ws,
    localNetworks: options.localNetworks,
    gate: options.gate,
    dnsServers: options.dnsServers,
    ...(options.externalIp === undefined ? {} : { externalIp: options.externalIp }),
    log: options.log,
  });
  stack.push(() => signalling.close());
  signalling.onReachabilityChange((change) => options.onUnreachable?.(change === 'address' ? undefined : change.registrar));
  signalling.onExit((error) => options.onSignallingLost?.(error));
  return signalling;
}
