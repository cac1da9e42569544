import { exchangeOk, jsonOf, pick, requestOf } from '../send-request.js';
import { type OpenAction, ToolFailure } from '../tool.js';

/** Asks any HTTP interface: request and parameters are the operator's, the arguments are the model's. */
export const openHttpTool: OpenAction<'http'> = ({ action, deps, templates }) => {
  const { config } = action;
  return [
    {
      action,
      definition: { name: '', description: '', parameters: config.parameters },
      repeatable: config.method === 'GET',
      async run({ args, signal, key }) {
        const { url, init } = requestOf(config, templates, args);
        if (!init.headers.has('idempotency-key')) init.headers.set('idempotency-key', key);
        const answer = await exchangeOk(deps.fetch, url, { ...init, signal }, config.maxResponseBytes);
        if (config.resultPath === undefined) return { result: looksLikeJson(answer) ? jsonOf(answer) : answer.text };
        const result = pick(jsonOf(answer), config.resultPath);
        if (result === undefined) {
          throw new ToolFailure('The other system answered something else than expected.', {
            reason: `nothing at ${config.resultPath}`,
          });
        }
        return { result };
      },
    },
  ];
};

const looksLikeJson = ({ contentType, text }: { contentType: string; text: string }): boolean =>
  /\bjson\b/i.test(contentType) && text.trim() !== '';
