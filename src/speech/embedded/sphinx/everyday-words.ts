/** Words any conversation may hold. They may stand anywhere, though seldom: without them the recogniser bends each to a word it knows. */
export const EVERYDAY_WORDS: readonly string[] = [
  'a about after again all also always am an and another any anything are around as ask at away back bad be because been',
  "before best better big bring but by call called calling can can't car card change check close come cost could couldn't",
  "date day days did didn't different do does doesn't doing don't done down each early else end enough even ever every",
  'everything fast few find fine first for free from full get gets getting give go goes going gone good got great had',
  "half has have haven't having he hear heard help her here him his home hour hours house how i i'll i'm i've if in into",
  "is isn't it it's its just keep kind know last late later least leave left less let let's like line little live long",
  'longer look looking lot made make many matter may me mean might minute minutes money more morning most much must my',
  'name near need never new next nice night no not nothing now number of off office often old on once one only open or',
  'order other our out over own part pay people person phone place please possible problem put question quick quickly',
  'quite ready really right said same say see send set she should show since small so some somebody someone something',
  "somewhere soon sorry speak start still stop street such sure take talk tell than thank that that's the their them then",
  "there there's these they they're thing things think this those though through time to today together told tomorrow too",
  "try trying two under until up us use used using very wait want wanted was way we we'd we'll we're week weeks well went",
  "were what what's when where where's which while who why will with without won't work working would wouldn't wrong year",
  "years yesterday yet you you're your",
].flatMap((words) => words.split(' '));
