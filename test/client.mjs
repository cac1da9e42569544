// `node test/client.mjs`: generates the types of the API's client anew. To be run when a route or a schema of the native dialect has
// changed; a contract test says so. It compiles without checking types, since what it replaces may be what does not fit.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.', '--noCheck'], { stdio: 'inherit' });
const { CLIENT_TYPES_FILE, clientTypes } = await import('../dist/test/support/client-types.js');
const { openApiDocument } = await import('../dist/src/api/http/openapi-document.js');
const { describeCore } = await import('../dist/src/api/dialects/core/openapi.js');
const document = JSON.parse(JSON.stringify(openApiDocument([{ describe: describeCore }])));
writeFileSync(CLIENT_TYPES_FILE, await clientTypes(document));
