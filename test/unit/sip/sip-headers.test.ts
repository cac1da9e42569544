import * as fc from 'fast-check';
import t from 'tap';
import { mediaTypeFault, partyOf, sdpOf, userOf } from '../../../src/sip/sip-headers.js';
import type { SrfMessage } from '../../../src/sip/srf-types.js';

function message(headers: Record<string, string>, body = ''): SrfMessage {
  return {
    body,
    get: (name) => headers[name.toLowerCase()],
    has: (name) => headers[name.toLowerCase()] !== undefined,
    getParsedHeader: () => {
      throw new Error('unreadable');
    },
  };
}

void t.test('the user part is read without escapes, parameters and password', async (t) => {
  const rows: [string, string | undefined][] = [
    ['sip:echo@host', 'echo'],
    ['sips:echo@host:5061;transport=tls', 'echo'],
    ['SIP:%65cho@host', 'echo'],
    ['sip:echo;tag=1@host', 'echo'],
    ['sip:echo:secret@host', 'echo'],
    ['sip:100%25@host', '100%'],
    ['sip:bad%zz@host', 'bad%zz'],
    ['sip:host', undefined],
    ['sip:@host', undefined],
    ['tel:+49123', undefined],
    ['', undefined],
  ];
  for (const [uri, user] of rows) t.equal(userOf(uri), user, uri);
  fc.assert(
    fc.property(fc.string(), (text) => {
      userOf(`sip:${text}@host`);
      return true;
    }),
  );
});

void t.test('a From nobody can read is an empty party, not an error', async (t) => {
  t.same(partyOf(message({}), 'from'), { uri: '', user: undefined, displayName: undefined });
  const named = (name: string | undefined): SrfMessage => ({
    ...message({}),
    getParsedHeader: () => ({ ...(name === undefined ? {} : { name }), uri: 'sip:ann@host' }),
  });
  t.match(partyOf(named('"Ann \\"A\\" B"'), 'from'), { user: 'ann', displayName: 'Ann "A" B' });
  t.match(partyOf(named('""'), 'from'), { displayName: undefined });
  t.match(partyOf(named(undefined), 'from'), { displayName: undefined });
});

void t.test('only bodies and answers in plain SDP are accepted', async (t) => {
  const sdp = 'v=0';
  const rows: [Record<string, string>, string, number | undefined][] = [
    [{ 'content-type': 'application/sdp' }, sdp, undefined],
    [{ 'content-type': 'Application/SDP;charset=utf-8' }, sdp, undefined],
    [{}, sdp, undefined],
    [{ 'content-type': 'application/xml' }, '', undefined],
    [{ 'content-type': 'application/xml' }, '<x/>', 415],
    [{ 'content-type': 'multipart/mixed;boundary=b' }, 'no part of it is SDP', 415],
    [{ 'content-type': 'application/sdp', 'content-encoding': 'gzip' }, sdp, 415],
    [{ 'content-type': 'application/sdp', 'content-encoding': 'identity' }, sdp, undefined],
    [{ accept: 'application/sdp, application/xml' }, sdp, undefined],
    [{ accept: 'text/plain, */*;q=0.1' }, sdp, undefined],
    [{ accept: 'application/*' }, sdp, undefined],
    [{ accept: 'text/plain' }, sdp, 406],
    [{ accept: '' }, sdp, 406],
  ];
  for (const [headers, body, status] of rows)
    t.equal(mediaTypeFault(message(headers, body))?.status, status, JSON.stringify(headers));
});

void t.test('the session description of a multipart body is its application/sdp part', async (t) => {
  const multipart = {
    ...message({ 'content-type': 'multipart/mixed;boundary=b' }, 'whole'),
    payload: [
      { type: 'application/xml', content: '<x/>' },
      { type: 'application/sdp', content: 'v=0' },
    ],
  };
  t.equal(sdpOf(multipart), 'v=0');
  t.equal(sdpOf(message({}, '')), undefined);
});
