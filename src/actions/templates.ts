import { fillPlaceholders, type Values } from '../domain/placeholders.js';

const ONLY_PLACEHOLDER = /^\{\{\s*([^{}\s]{1,200})\s*\}\}$/;

/**
 * Fills the texts of an action with what the call knows, what the model gives, and the action's secrets (`{{secret.name}}`). What has
 * no value is left out.
 */
export class Templates {
  readonly #values: () => Values;
  readonly #secrets: Values;

  constructor(values: () => Values, secrets: Readonly<Record<string, string>>) {
    this.#values = values;
    this.#secrets = { secret: secrets };
  }

  text(template: string, args: Values = {}): string {
    return fillPlaceholders(template, this.#all(args), '');
  }

  /** Values cannot add to the path or the query: they are escaped. */
  url(template: string, args: Values = {}): string {
    return fillPlaceholders(template, this.#all(args), '', encodeURIComponent);
  }

  /** Values cannot begin another header. */
  headers(templates: Readonly<Record<string, string>>, args: Values = {}): Record<string, string> {
    return Object.fromEntries(
      Object.entries(templates).map(([name, template]) => [
        name,
        this.text(template, args)
          .replace(/[\p{Cc}]+/gu, ' ')
          .trim(),
      ]),
    );
  }

  /** Fills every string within; one that is nothing but a placeholder becomes the value itself. */
  json(template: unknown, args: Values = {}): unknown {
    if (typeof template === 'string') {
      const [, path] = ONLY_PLACEHOLDER.exec(template) ?? [];
      const all = this.#all(args);
      if (path !== undefined && Object.hasOwn(all, path)) return all[path];
      return this.text(template, args);
    }
    if (Array.isArray(template)) return template.map((item: unknown) => this.json(item, args));
    if (typeof template !== 'object' || template === null) return template;
    return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, this.json(value, args)]));
  }

  /** What the model gives is newer than what was collected; it cannot put its own words in place of a secret. */
  #all(args: Values): Values {
    return { ...this.#values(), ...args, ...this.#secrets };
  }
}
