import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
/** Counts and durations by route (never by path, which may hold ids), and the state of encoder and database. */
export function createMetrics({ encoder, database }) {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const requests = new Counter({
        name: 'http_requests_total',
        help: 'Requests answered.',
        labelNames: ['route', 'method', 'status'],
        registers: [registry],
    });
    const duration = new Histogram({
        name: 'http_request_duration_seconds',
        help: 'Time to answer a request, seconds.',
        labelNames: ['route', 'method'],
        buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        registers: [registry],
    });
    const gauge = (name, help, read) => new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
            this.set(read());
        },
    });
    gauge('encoder_sessions', 'Encoder sessions that can take work.', () => encoder.stats().sessions);
    gauge('encoder_busy', 'Encoder sessions at work.', () => encoder.stats().busy);
    gauge('encoder_waiting', 'Texts that wait for a session.', () => encoder.stats().waiting);
    gauge('encoder_restarts', 'Encoder workers replaced since the start.', () => encoder.stats().restarts);
    gauge('encoder_cache_hits', 'Texts answered from the cache since the start.', () => encoder.stats().cacheHits);
    gauge('database_waiting', 'Calls that wait for a connection.', () => database.health().waiting);
    gauge('database_busy', 'Connections in use.', () => database.health().busy);
    return {
        registry,
        observe(route, method, status, seconds) {
            requests.inc({ route, method, status: String(status) });
            duration.observe({ route, method }, seconds);
        },
    };
}
//# sourceMappingURL=metrics.js.map