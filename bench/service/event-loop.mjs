// @ts-check
// Preloaded into the measured service (`node --import`), never part of it; JavaScript because `dist/` runs without tsx.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** The default of Node. The histogram holds the time between two ticks, so an idle loop shows this much. */
const RESOLUTION_MS = 10;
const NS_PER_MS = 1e6;

if (isMainThread && process.send && process.channel) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  /** @param {number} percent */
  const delayAt = (percent) => Math.max(0, histogram.percentile(percent) / NS_PER_MS - RESOLUTION_MS);
  process.on('message', (command) => {
    if (command === 'start') {
      histogram.reset();
      histogram.enable();
      process.send?.({});
    } else {
      histogram.disable();
      process.send?.({
        ticks: histogram.count,
        p50: delayAt(50),
        p99: delayAt(99),
        p999: delayAt(99.9),
        max: delayAt(100),
      });
    }
  });
  // The service ends in order when the benchmark is gone, and is not kept alive by this channel.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
