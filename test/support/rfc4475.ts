/** A message of RFC 4475, with what a user agent that is nobody's home answers: one of these statuses, or nothing. */
export type TortureMessage = {
  text: string;
  answers: readonly number[];
  /** Where a stream makes a difference. */
  overTcp?: readonly number[];
  /** What reading it alone leads to: a status, or 0 for what is dropped. Absent: it can be read. */
  refused?: number;
};

const message = (start: string, headers: readonly string[], body = ''): string =>
  `${[start, ...headers].join('\r\n')}\r\n\r\n${body}`;

const VIA = 'Via: SIP/2.0/UDP 192.0.2.15:5060;branch=z9hG4bKkdjuw';
const SDP =
  'v=0\r\no=mhandley 29739 7272939 IN IP4 192.0.2.3\r\ns=-\r\nc=IN IP4 192.0.2.4\r\nt=0 0\r\nm=audio 49217 RTP/AVP 0\r\n';

/** A request with the lines that all of the RFC's have, but for those that are given. */
function request(
  id: string,
  method: string,
  uri: string,
  lines: Record<string, string | undefined> = {},
  extra: readonly string[] = [],
  body = '',
): string {
  const usual = {
    via: `Via: SIP/2.0/UDP 192.0.2.15:5060;branch=z9hG4bK${id}`,
    forwards: 'Max-Forwards: 70',
    from: 'From: sip:caller@example.net;tag=323',
    to: 'To: sip:user@example.com',
    callId: `Call-ID: ${id}.kdj@192.0.2.15`,
    cseq: `CSeq: 8 ${method}`,
    contact: 'Contact: <sip:caller@host.example.net>',
    length: `Content-Length: ${Buffer.byteLength(body, 'latin1')}`,
  };
  const chosen = Object.values({ ...usual, ...lines }).filter((line) => line !== undefined);
  return message(`${method} ${uri} SIP/2.0`, [...chosen, ...extra], body);
}

const withBody = (
  id: string,
  uri: string,
  lines: Record<string, string | undefined> = {},
  extra: readonly string[] = [],
): string => request(id, 'INVITE', uri, lines, ['Content-Type: application/sdp', ...extra], SDP);

const response = (id: string, start: string, lines: readonly string[] = []): string =>
  message(start, [
    VIA,
    'From: sip:a@example.net;tag=1',
    'To: sip:b@example.com;tag=2',
    `Call-ID: ${id}`,
    'CSeq: 1 INVITE',
    ...lines,
  ]);

/** A phone of that name does not exist: it is challenged, or refused. */
const REGISTER_REFUSED = [400, 401, 403, 404, 405];
const NOBODY = [404];
const NOTHING: number[] = [];
const longToken = (part: string, times: number): string => part.repeat(times);
const BINARY = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1');

/** All of them, by its names for them. */
export const RFC4475: Readonly<Record<string, TortureMessage>> = {
  // 3.1.1: valid
  wsinv: {
    text: [
      'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
      'TO :',
      ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
      'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
      '  ;',
      '  tag = 98asjd8',
      'MaX-fOrWaRdS: 0068',
      'Call-ID: wsinv.ndaksdj@192.0.2.1',
      'Content-Length   : 150',
      'cseq: 0009',
      '  INVITE',
      'Via  : SIP  /   2.0',
      ' /UDP',
      '    192.0.2.2;branch=390skdjuw',
      's :',
      'NewFangledHeader:   newfangled value',
      ' continued newfangled value',
      'UnknownHeaderWithUnusualValue: ;;,,;;,;',
      'Content-Type: application/sdp',
      'Route:',
      ' <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
      'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
      '  branch  =   z9hG4bK9ikj8  ,',
      ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
      ' z9hG4bK30239',
      'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
      '      newvalue ;',
      '  secondparam ; q = 0.33',
      '',
      SDP.padEnd(150, ' '),
    ].join('\r\n'),
    answers: [481],
  },
  intmeth: {
    text: message(
      "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0",
      [
        "Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~",
        'To: "BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <sip:1_unusual.URI~(to-be!sure)&isn\'t+it$@example.com>',
        "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"\xd1\x80\xd0\xb0\";tag=_token~1'+`*%!-.",
        'Call-ID: intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{',
        "CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~",
        'Max-Forwards: 255',
        "extensionHeader-!.%*+_`'~: \xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb",
        'Content-Length: 0',
      ],
    ),
    answers: [501],
  },
  esc01: { text: withBody('esc01', 'sip:sips%3Auser%40example.com@example.net'), answers: NOBODY },
  escnull: {
    text: request('escnull', 'REGISTER', 'sip:example.com', {
      to: 'To: sip:null-%00-null@example.com',
      from: 'From: sip:null-%00-null@example.com;tag=839923423',
      contact: 'Contact: <sip:%00@host5.example.com>',
    }),
    answers: REGISTER_REFUSED,
  },
  esc02: {
    text: request('esc02', 'RE%47IST%45R', 'sip:registrar.example.com', { to: 'To: "%Z%45" <sip:resource@example.com>' }),
    answers: [501],
  },
  lwsdisp: {
    text: request('lwsdisp', 'OPTIONS', 'sip:user@example.com', { from: 'From: caller<sip:caller@example.com>;tag=323' }),
    answers: [200],
  },
  longreq: {
    text: withBody(
      'longreq',
      'sip:user@example.com',
      {
        to: `To: "I have a user name of ${longToken('extreme ', 10)}proportion"<sip:user@example.com:6000;unknownparam1=very${longToken('long', 20)}value;longparam${longToken('name', 25)}=shortvalue;very${longToken('long', 25)}ParameterNameWithNoValue>`,
        from: `From: sip:${longToken('amazinglylongcallername', 5)}@example.net;tag=12${longToken('982', 50)}424;unknownheaderparam${longToken('name', 20)}=unknowheaderparam${longToken('value', 15)};unknownValueless${longToken('paramname', 10)}`,
        callId: `Call-ID: longreq.one${longToken('really', 20)}longcallid`,
        contact: `Contact: <sip:${longToken('amazinglylongcallername', 5)}@host5.example.net>`,
      },
      [
        `Unknown-${longToken('Long', 20)}-Name: unknown-${longToken('long', 20)}-value; unknown-${longToken('long', 20)}-parameter-name = unknown-${longToken('long', 20)}-parameter-value`,
        ...Array.from({ length: 33 }, (_, i) => `Via: SIP/2.0/TCP sip${i}.example.com`),
      ],
    ),
    answers: NOBODY,
  },
  dblreq: {
    text:
      request('dblreq', 'REGISTER', 'sip:example.com') +
      withBody('dblreq2', 'sip:joe@example.com', { via: 'Via: SIP/2.0/UDP 192.0.2.15;branch=z9hG4bKother' }),
    answers: REGISTER_REFUSED,
  },
  semiuri: { text: request('semiuri', 'OPTIONS', 'sip:user;par=u%40example.net@example.com'), answers: [200] },
  transports: {
    text: request('transports', 'OPTIONS', 'sip:user@example.com', {}, [
      'Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf',
      'Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj',
      'Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en',
      'Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee',
    ]),
    answers: [200],
  },
  mpart01: {
    text: request(
      'mpart01',
      'MESSAGE',
      'sip:kumiko@example.org',
      {},
      ['Content-Type: multipart/mixed;boundary=7a9cbec02ceef655'],
      `--7a9cbec02ceef655\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nHello\r\n--7a9cbec02ceef655\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n${BINARY}\r\n--7a9cbec02ceef655--\r\n`,
    ),
    answers: [404, 405, 415],
  },
  unreason: {
    text: response('unreason', 'SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe \xd1\x81\xd1\x82\xd0\xbe'),
    answers: NOTHING,
  },
  noreason: { text: response('noreason', 'SIP/2.0 100 '), answers: NOTHING },
  // 3.1.2: invalid
  badinv01: {
    text: withBody('badinv01', 'sip:user@example.com', {
      via: 'Via: SIP/2.0/UDP 192.0.2.15;;,;,,',
      contact: 'Contact: "Joe" <sip:joe@example.org>;;;;',
    }),
    answers: [400],
    refused: 400,
  },
  clerr: {
    text: withBody('clerr', 'sip:user@example.com', { length: 'Content-Length: 9999' }),
    answers: [400],
    overTcp: NOTHING,
    refused: 400,
  },
  ncl: { text: withBody('ncl', 'sip:user@example.com', { length: 'Content-Length: -999' }), answers: [400], refused: 400 },
  scalar02: {
    text: request(
      'scalar02',
      'REGISTER',
      'sip:example.com',
      {
        cseq: 'CSeq: 36893488147419103232 REGISTER',
        forwards: 'Max-Forwards: 300',
        contact: 'Contact: <sip:user@host129.example.com>;expires=280297596632815',
      },
      ['Expires: 10000000000'],
    ),
    answers: [400],
    refused: 400,
  },
  scalarlg: {
    text: response('scalarlg', 'SIP/2.0 503 Service Unavailable', [
      'Retry-After: 949302838503028349304023988',
      'Warning: 1812 overture "In Progress"',
    ]),
    answers: NOTHING,
  },
  quotbal: {
    text: withBody('quotbal', 'sip:user@example.com', { to: 'To: "Mr. J. User <sip:j.user@example.com>' }),
    answers: [400],
    refused: 400,
  },
  ltgtruri: { text: withBody('ltgtruri', '<sip:user@example.com>'), answers: [400], refused: 400 },
  lwsruri: { text: withBody('lwsruri', 'sip:user@example.com; lr'), answers: [400], refused: 400 },
  lwsstart: {
    text: withBody('lwsstart', 'sip:user@example.com').replace(
      'INVITE sip:user@example.com SIP',
      'INVITE  sip:user@example.com  SIP',
    ),
    answers: [400],
    refused: 400,
  },
  trws: {
    text: request('trws', 'OPTIONS', 'sip:remote-target@example.com').replace('SIP/2.0\r\n', 'SIP/2.0  \r\n'),
    answers: [400],
    refused: 400,
  },
  escruri: { text: withBody('escruri', 'sip:user@example.com?Route=%3Csip:example.com%3E'), answers: [400, 404] },
  baddate: {
    text: withBody('baddate', 'sip:user@example.com', {}, ['Date: Fri, 01 Jan 2010 16:00:00 EST']),
    answers: [400, 404],
  },
  regbadct: {
    text: request('regbadct', 'REGISTER', 'sip:example.com', {
      contact: 'Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E',
    }),
    answers: REGISTER_REFUSED,
    refused: 400,
  },
  badaspec: {
    text: request('badaspec', 'OPTIONS', 'sip:user@example.org', { to: 'To: "Watson, Thomas" < t.watson@example.org >' }),
    answers: [400],
    refused: 400,
  },
  baddn: {
    text: request('baddn', 'OPTIONS', 'sip:t.watson@example.org', {
      from: 'From: Bell, Alexander <sip:a.g.bell@example.com>;tag=43',
    }),
    answers: [400],
    refused: 400,
  },
  badvers: {
    text: request('badvers', 'OPTIONS', 'sip:t.watson@example.org').replace('SIP/2.0\r\n', 'SIP/7.0\r\n'),
    answers: [505],
    refused: 505,
  },
  mismatch01: {
    text: request('mismatch01', 'OPTIONS', 'sip:user@example.com', { cseq: 'CSeq: 8 INVITE' }),
    answers: [400],
    refused: 400,
  },
  mismatch02: {
    text: request('mismatch02', 'NEWMETHOD', 'sip:user@example.com', { cseq: 'CSeq: 8 INVITE' }),
    answers: [400, 501],
    refused: 400,
  },
  bigcode: { text: response('bigcode', 'SIP/2.0 4294967301 better not break the receiver'), answers: NOTHING, refused: 0 },
  // 3.2: transactions
  badbranch: {
    text: request('badbranch', 'OPTIONS', 'sip:user@example.com', { via: 'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK' }),
    answers: [200, 400],
  },
  // 3.3: the application layer
  insuf: {
    text: request('insuf', 'INVITE', 'sip:user@example.com', { callId: undefined, from: undefined, to: undefined }),
    answers: [400],
    refused: 400,
  },
  unkscm: { text: request('unkscm', 'OPTIONS', 'nobodyKnowsThisScheme:totallyopaquecontent'), answers: [416], refused: 416 },
  novelsc: { text: request('novelsc', 'OPTIONS', 'soap.beep://192.0.2.103:3002'), answers: [416], refused: 416 },
  unksm2: {
    text: request('unksm2', 'REGISTER', 'sip:example.com', {
      to: 'To: isbn:2983792873',
      from: 'From: <http://www.example.com>;tag=3234233',
      contact: 'Contact: <name:John_Smith>',
    }),
    answers: REGISTER_REFUSED,
  },
  bext01: {
    text: request('bext01', 'OPTIONS', 'sip:user@example.com', {}, [
      'Require: nothingSupportsThis, nothingSupportsThisEither',
      'Proxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis',
    ]),
    answers: [420],
  },
  invut: {
    text: request(
      'invut',
      'INVITE',
      'sip:user@example.com',
      {},
      ['Content-Type: application/unknownformat'],
      '<audio><pcmu port="443"/></audio>\r\n',
    ),
    answers: [415],
  },
  regaut01: {
    text: request('regaut01', 'REGISTER', 'sip:example.com', {}, ['Authorization: NoOneKnowsThisScheme opaque-data=here']),
    answers: REGISTER_REFUSED,
  },
  multi01: {
    text: request('multi01', 'INVITE', 'sip:user@company.com', {}, [
      'CSeq: 59 INVITE',
      'Call-ID: multi01.98asdh@192.0.2.2',
      'Max-Forwards: 5',
      'From: sip:other@example.net;tag=3413415',
    ]),
    answers: [400],
    refused: 400,
  },
  mcl01: {
    text: request(
      'mcl01',
      'OPTIONS',
      'sip:user@example.com',
      {},
      ['Content-Length: 13'],
      'There is no way to know how many octets',
    ),
    answers: [400],
    refused: 400,
  },
  bcast: { text: response('bcast', 'SIP/2.0 200 OK').replace('192.0.2.15:5060', '255.255.255.255'), answers: NOTHING },
  zeromf: { text: request('zeromf', 'OPTIONS', 'sip:user@example.com', { forwards: 'Max-Forwards: 0' }), answers: [200, 483] },
  cparam01: {
    text: request('cparam01', 'REGISTER', 'sip:example.com', {
      contact: 'Contact: sip:+19725552222@gw1.example.net;unknownparam',
    }),
    answers: REGISTER_REFUSED,
  },
  cparam02: {
    text: request('cparam02', 'REGISTER', 'sip:example.com', {
      contact: 'Contact: <sip:+19725552222@gw1.example.net;unknownparam>',
    }),
    answers: REGISTER_REFUSED,
  },
  regescrt: {
    text: request('regescrt', 'REGISTER', 'sip:example.com', {
      contact: 'Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>',
    }),
    answers: REGISTER_REFUSED,
  },
  sdp01: { text: withBody('sdp01', 'sip:user@example.com', {}, ['Accept: text/nobodyKnowsThis']), answers: [404, 406] },
  // 3.4: peers of RFC 2543
  inv2543: {
    text: withBody('inv2543', 'sip:UserB@example.com', {
      via: 'Via: SIP/2.0/UDP iftgw.example.com',
      from: 'From: <sip:+13035551111@ift.client.example.net;user=phone>',
      forwards: undefined,
    }),
    answers: NOBODY,
  },
};
