import { defineConfig } from 'vitest/config';

const shared = {
  environment: 'node' as const,
  pool: 'forks' as const,
  // Each fork may load a model (0.5 GB) or a database, and each of these has threads of its own.
  maxWorkers: 2,
  // The real encoder takes seconds to load where the cores are shared.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  setupFiles: ['tests/_util/open-handles.ts'],
};

export default defineConfig({
  test: {
    // Runs once for all projects, because the projects do not extend this part.
    globalSetup: ['tests/_util/setup.ts'],
    projects: [
      // Seconds, no server, no browser: what `npm run verify` runs.
      { test: { ...shared, name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      { test: { ...shared, name: 'system', include: ['tests/**/*.test.ts'], exclude: ['tests/unit/**'] } },
    ],
  },
});
