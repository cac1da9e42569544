import { Counter, type Registry } from 'prom-client';
import { exportGauge, sharedReading } from './scrape.js';

export type QueueFigures = {
  tasksDue: number;
  tasksScheduled: number;
  oldestDueMs: number;
  eventsUndispatched: number;
  deliveriesPending: number;
  sizeBytes: number;
  logBytes: number;
};

/** Puts on `/metrics` what waits in the database and how large that is; `read` is asked once at each scrape. */
export function exportQueues(registry: Registry, read: () => Promise<QueueFigures>): void {
  const figures = sharedReading(read);
  const gauge = (name: string, help: string, value: (read: QueueFigures) => number): void =>
    exportGauge(registry, { name, help, value: async () => value(await figures()) });
  gauge('offhook_tasks_due', 'Tasks whose time has come and that nobody has called yet', ({ tasksDue }) => tasksDue);
  gauge('offhook_tasks_scheduled', 'Tasks whose time is still to come', ({ tasksScheduled }) => tasksScheduled);
  gauge(
    'offhook_tasks_overdue_seconds',
    'How long the task that waits longest is overdue',
    ({ oldestDueMs }) => oldestDueMs / 1000,
  );
  gauge('offhook_webhook_events_waiting', 'Events not looked at yet', ({ eventsUndispatched }) => eventsUndispatched);
  gauge(
    'offhook_webhook_deliveries_waiting',
    'Deliveries to make, those to try again included',
    ({ deliveriesPending }) => deliveriesPending,
  );
  gauge('offhook_database_bytes', 'Size of the database file', ({ sizeBytes }) => sizeBytes);
  gauge('offhook_database_log_bytes', 'Size of the write-ahead log beside it', ({ logBytes }) => logBytes);
}

/** Counts what came of attempts to deliver: `delivered`, `failed` (to be tried again) or `dead`. */
export function countDeliveries(registry: Registry): (outcome: string) => void {
  const attempts = new Counter({
    name: 'offhook_webhook_attempts_total',
    help: 'Attempts to deliver a webhook by what came of them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return (outcome) => attempts.inc({ outcome });
}
