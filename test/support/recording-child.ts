// Records a tone to the file named by the first argument until it is killed; says on standard output when sound flows.
import { silentLogger } from '../../src/core/log.js';
import { startMediaEngine } from '../../src/media/native-engine.js';
import { RtpPeer } from './rtp-peer.js';

const engine = startMediaEngine({
  bind: '127.0.0.1',
  rtpPorts: { min: 20_000, max: 29_999 },
  capacity: 1,
  log: silentLogger,
});
const peer = await RtpPeer.open();
const session = engine.open();
session.configure(peer.agreement());
session.setSource({ type: 'tone', hz: 440 });
session.startRecording(process.argv[2] ?? '');
process.stdout.write('recording\n');
