import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Prints the licences of the production dependencies, and fails when one is not permissive. */

const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
]);

/** Looked at by a person; the reasons are also in NOTICE. */
const EXCEPTIONS: readonly { readonly name: RegExp; readonly reason: string }[] = [
  { name: /^sylvester$/, reason: 'MIT by its LICENSE.txt; package.json says nothing' },
  {
    name: /^@img\/sharp-/,
    reason:
      'LGPL-3.0 for libvips: an unmodified shared library, replaceable, loaded by transformers.js for images only',
  },
];

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().default(false),
      link: z.boolean().default(false),
    }),
  ),
});

/** SPDX: an expression is permissive when one of its OR branches holds permissive licences only. */
function isPermissive(expression: string): boolean {
  const branches = expression.replaceAll(/[()]/g, '').split(' OR ');
  return branches.some((branch) => branch.split(' AND ').every((licence) => PERMISSIVE.has(licence.trim())));
}

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const lock = lockSchema.parse(JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')));
const counts = new Map<string, number>();
const refused: string[] = [];
for (const [location, entry] of Object.entries(lock.packages)) {
  if (location === '' || entry.dev || entry.link) continue;
  const name = location.replace(/^.*node_modules\//, '');
  const licence = entry.license ?? 'none stated';
  counts.set(licence, (counts.get(licence) ?? 0) + 1);
  if (isPermissive(licence) || EXCEPTIONS.some((exception) => exception.name.test(name))) continue;
  refused.push(`${name} ${entry.version ?? ''}: ${licence}`);
}

for (const [licence, count] of [...counts].sort((a, b) => b[1] - a[1]))
  console.log(`${String(count).padStart(5)}  ${licence}`);
for (const { name, reason } of EXCEPTIONS) console.log(`exception ${name.source}: ${reason}`);
if (refused.length > 0) {
  console.error(`Not permissive:\n${refused.map((line) => `  ${line}`).join('\n')}`);
  process.exitCode = 1;
}
