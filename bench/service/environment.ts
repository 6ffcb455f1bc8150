import { settingsSchema } from '../../src/config.ts';

/** The environment of this process without the service's settings, so that a run depends on what it is given only. */
export function cleanEnvironment(settings: Record<string, string>): Record<string, string | undefined> {
  const own = new Set<string>(Object.keys(settingsSchema.shape));
  const rest = Object.entries(process.env).filter(([name]) => !own.has(name));
  return { ...Object.fromEntries(rest), ...settings };
}
