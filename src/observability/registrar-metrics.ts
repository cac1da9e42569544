import { Counter, Gauge, type Registry } from 'prom-client';

export type RegistrarFigures = { registered: Readonly<Record<string, number>>; contacts: number };

/** Puts those who register to us on `/metrics`; `read` is asked at each scrape. Returns what counts answers and failed proofs. */
export function exportRegistrar(registry: Registry, read: () => RegistrarFigures) {
  const accounts = new Gauge({
    name: 'offhook_registered_accounts',
    help: 'Phones, and trunks that register to us, with at least one contact',
    labelNames: ['kind'],
    registers: [],
    collect() {
      for (const [kind, count] of Object.entries(read().registered)) this.set({ kind }, count);
    },
  });
  const contacts = new Gauge({
    name: 'offhook_registered_contacts',
    help: 'Contacts of all accounts',
    registers: [],
    collect() {
      this.set(read().contacts);
    },
  });
  registry.registerMetric(accounts);
  registry.registerMetric(contacts);
  const answers = new Counter({
    name: 'offhook_register_requests_total',
    help: 'REGISTER requests by how they were answered',
    labelNames: ['result'],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'offhook_authentication_failures_total',
    help: 'SIP requests whose credentials were wrong',
    labelNames: ['cause'],
    registers: [registry],
  });
  return {
    onAnswer: (result: string) => answers.inc({ result }),
    onFailure: (cause: string) => failures.inc({ cause }),
  };
}
