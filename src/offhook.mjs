#!/usr/bin/env node
// The command. Plain JavaScript, because on a fresh clone it runs before anything is installed or built: it makes the checkout
// ready (quickly, when it already is) and hands over to the compiled command line in the same process, so that signals reach it.
import { prepare } from './setup.mjs';

await prepare({ systemPackages: ['start', 'demo', 'call'].includes(process.argv[2] ?? '') });
const { main } = await import('../dist/src/cli.js');
await main(process.argv.slice(2));
