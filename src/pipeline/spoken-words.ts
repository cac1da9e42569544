/** What a listener says without wanting the floor. `yes` and `no` are not among them: they are answers. */
const BACKCHANNELS: ReadonlySet<string> = new Set(
  (
    'uh huh,uhhuh,mm hmm,mhm,mm,hmm,hm,aha,ah,oh,uh,um,er,erm,huh,wow,yeah,yep,yup,okay,ok,o.k,right,all right,alright,sure,fine,good,' +
    'great,cool,nice,i see,got it,go on,of course,exactly,indeed,really,true,i know,i understand'
  ).split(','),
);
const LONGEST_BACKCHANNEL_WORDS = 2;

/** The words of a transcript in lower case, without punctuation. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}]+(?:['@._][\p{L}\p{N}]+)*/gu) ?? []
  );
}

/** Whether the caller said anything but listening noises: then the agent must yield. */
export function wantsTheFloor(text: string): boolean {
  const words = wordsOf(text);
  for (let i = 0; i < words.length; ) {
    let taken = LONGEST_BACKCHANNEL_WORDS;
    while (taken > 0 && !BACKCHANNELS.has(words.slice(i, i + taken).join(' '))) taken -= 1;
    if (taken === 0) return true;
    i += taken;
  }
  return false;
}
