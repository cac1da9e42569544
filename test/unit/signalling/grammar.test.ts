import t from 'tap';
import { canonicalHeaderName } from '../../../src/signalling/message/header-names.js';
import { parseNameAddr, withoutTag, withTag } from '../../../src/signalling/message/name-addr.js';
import { parseParams, splitList } from '../../../src/signalling/message/text.js';
import { formatSipUri, parseHostPort, parseSipUri } from '../../../src/signalling/message/uri.js';
import { formatVia, parseVia } from '../../../src/signalling/message/via.js';

void t.test('header names have one spelling, compact forms included', async (t) => {
  const rows: [string, string][] = [
    ['v', 'Via'],
    ['I', 'Call-ID'],
    ['call-id', 'Call-ID'],
    ['CSEQ', 'CSeq'],
    ['x', 'Session-Expires'],
    ['r', 'Refer-To'],
    ['record-route', 'Record-Route'],
    ['www-authenticate', 'WWW-Authenticate'],
    ['X-my-Header', 'X-my-Header'],
    ['new-header', 'New-Header'],
  ];
  for (const [name, canonical] of rows) t.equal(canonicalHeaderName(name), canonical, name);
});

void t.test('lists are cut at commas outside quotes and brackets only', async (t) => {
  t.same(splitList('"a, \\"b\\"" <sip:a@h;x=1,2>, <sip:b@h>'), ['"a, \\"b\\"" <sip:a@h;x=1,2>', '<sip:b@h>']);
  t.same(splitList(''), ['']);
});

void t.test('parameters keep quoted semicolons, and an empty one is a fault', async (t) => {
  t.same(
    [...(parseParams(';a="x;y" ; LR;b= 2') ?? [])],
    [
      ['a', '"x;y"'],
      ['lr', undefined],
      ['b', '2'],
    ],
  );
  t.equal(parseParams(';;a'), undefined);
  t.equal(parseParams('a=1'), undefined);
});

void t.test('SIP URIs are taken apart and put together again', async (t) => {
  for (const text of [
    'sip:bob@example.net',
    'sips:bob:secret@example.net:5061;transport=tcp;lr?Subject=hi',
    'sip:[2001:db8::9]:5070',
    'sip:+15551234;phone-context=x@gw.example.net;user=phone',
    'sip:a%20b;c=d?e@10.0.0.1',
    'sip:example.com',
  ]) {
    const uri = parseSipUri(text);
    t.ok(uri, text);
    t.equal(uri && formatSipUri(uri), text);
  }
  t.match(parseSipUri('sip:a;b?c@h.example;lr'), { user: 'a;b?c', host: 'h.example' });
});

void t.test('what is no SIP URI is refused', async (t) => {
  for (const text of [
    '',
    'bob@example.net',
    'tel:+1555',
    'sip:',
    'sip:bob@',
    'sip:bob@ex ample.net',
    'sip:bob@example.net:99999',
    'sip:bob@example.net:',
    'sip:bob@[::zz]',
    'sip:b<b@example.net',
    'sip:bob@-bad-.example',
    'sip:bob@example.net;;lr',
    `sip:${'a'.repeat(5000)}@h`,
  ]) {
    t.equal(parseSipUri(text), undefined, text.slice(0, 40));
  }
});

void t.test('hosts with and without port', async (t) => {
  t.same(parseHostPort('[::1]:5060'), { host: '::1', port: 5060 });
  t.same(parseHostPort('first.example.com: 4000'), { host: 'first.example.com', port: 4000 });
  t.equal(parseHostPort('1.2.3.4:0'), undefined);
});

void t.test('addresses with names, brackets and parameters', async (t) => {
  t.match(parseNameAddr('"A, \\"B\\" <c>" <sip:a@h;x=y>;tag=1'), { display: '"A, \\"B\\" <c>"', uri: 'sip:a@h;x=y' });
  t.equal(parseNameAddr('"A" <sip:a@h;x=y>;tag=1')?.params.get('tag'), '1');
  t.match(parseNameAddr('Mr. Watson <sip:w@h>'), { display: 'Mr. Watson', uri: 'sip:w@h' });
  const bare = parseNameAddr('sip:a@h;tag=7');
  t.equal(bare?.uri, 'sip:a@h', 'without brackets the parameters are the header’s');
  t.equal(bare?.params.get('tag'), '7');
  t.match(parseNameAddr('<tel:+1555>'), { uri: 'tel:+1555' });
});

void t.test('what is no address is refused', async (t) => {
  for (const text of [
    '',
    '"open <sip:a@h>',
    'Bell, Alexander <sip:a@h>',
    '<sip:a@h',
    '<sip:a b@h>',
    'sip:a@h?x=y',
    '<sip:a@h>;;tag=1',
    '*',
  ]) {
    t.equal(parseNameAddr(text), undefined, text);
  }
});

void t.test('a tag is set once and removed without touching the rest', async (t) => {
  t.equal(withTag('<sip:a@h;tag=uri>;x=1;tag=old', 'new'), '<sip:a@h;tag=uri>;x=1;tag=new');
  t.equal(withoutTag('sip:a@h;tag=old;x=1'), 'sip:a@h;x=1');
});

void t.test('Via survives the white space the grammar allows', async (t) => {
  const via = parseVia('SIP / 2.0 / UDP first.example.com: 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1');
  t.match(via, { transport: 'UDP', host: 'first.example.com', port: 4000 });
  t.equal(via?.params.get('branch'), 'z9hG4bKa7c6a8dlze.1');
  const v6 = parseVia('SIP/2.0/TCP [2001:db8::9]:5060;branch=z9hG4bK1;rport');
  t.equal(v6 && formatVia(v6), 'SIP/2.0/TCP [2001:db8::9]:5060;branch=z9hG4bK1;rport');
  for (const text of ['', 'SIP/1.0/UDP h', 'SIP/2.0/UDP', 'SIP/2.0/UDP h;;branch=1', 'SIP/2.0/UDP h:x']) {
    t.equal(parseVia(text), undefined, text);
  }
});
