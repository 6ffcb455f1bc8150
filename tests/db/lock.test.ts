import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/db/lock.ts';
import { isAppError } from '../../src/errors.ts';
import { makeFolder, TEST_TIMEOUT_MS } from '../_util/db.ts';
import { Child } from './child.ts';

describe('the lock on a folder', { timeout: TEST_TIMEOUT_MS }, () => {
  it('is refused to a second one, naming the holder, and free again afterwards', async () => {
    await using place = await makeFolder();
    const first = await lockFolder(place.folder);
    const error: unknown = await lockFolder(place.folder).catch((caught: unknown) => caught);
    expect(isAppError(error, 'database_locked')).toBe(true);
    expect(String(error)).toContain(`pid ${process.pid}`);
    expect(String(error)).toContain(place.folder);
    await first[Symbol.asyncDispose]();
    await (await lockFolder(place.folder))[Symbol.asyncDispose]();
    expect(await readdir(place.folder)).toEqual([]);
  });

  it('is held against another process until that process is killed', async () => {
    await using place = await makeFolder();
    await using child = new Child('hold-lock.fixture.ts', [place.folder]);
    await child.untilLines(1);
    expect(child.lines).toEqual(['locked']);
    await expect(lockFolder(place.folder)).rejects.toThrow(`pid ${child.pid}`);
    await child.kill();
    // The dead one's file is still there and must not count.
    expect(await readdir(place.folder)).toHaveLength(1);
    await using mine = await lockFolder(place.folder);
    expect(mine).toBeDefined();
    expect(await readdir(place.folder)).toHaveLength(1);
  });

  it('goes to exactly one of many that ask at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      await using place = await makeFolder();
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(place.folder)));
      const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      for (const { value } of winners) await value[Symbol.asyncDispose]();
    }
  });

  it('goes to exactly one of several processes that start together over a dead one', async () => {
    await using place = await makeFolder();
    await using dead = new Child('hold-lock.fixture.ts', [place.folder]);
    await dead.untilLines(1);
    await dead.kill();
    const children = Array.from({ length: 4 }, () => new Child('hold-lock.fixture.ts', [place.folder]));
    await Promise.all(children.map((child) => child.untilLines(1)));
    const said = children.flatMap((child) => child.lines).sort();
    await Promise.all(children.map((child) => child.kill()));
    expect(said).toEqual(['database_locked', 'database_locked', 'database_locked', 'locked']);
  });

  it('says that a path is too long for a socket', async () => {
    await using place = await makeFolder();
    const deep = path.join(place.folder, 'x'.repeat(100));
    await mkdir(deep);
    await expect(lockFolder(deep)).rejects.toSatisfy((error) => isAppError(error, 'bad_configuration'));
  });
});
