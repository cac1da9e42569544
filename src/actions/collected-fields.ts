import type { Values } from '../domain/placeholders.js';
import type { CallSetting } from '../domain/ports/toolbox.js';

/** What the call knows under these names; all that was collected where none are named. What is not known is null. */
export function fieldsOf(setting: CallSetting, names: readonly string[] | undefined): Values {
  const { collectedData = {} } = setting.call();
  if (names === undefined) return collectedData;
  const values = setting.values();
  return Object.fromEntries(names.map((name) => [name, Object.hasOwn(values, name) ? (values[name] ?? null) : null]));
}
