import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openVault } from '../../src/vault.ts';
import { makeFolder } from '../_util/db.ts';

const KEY = '0123456789abcdef'.repeat(4);
const ITEM = '01a20162-58db-746b-8ed4-46b9e0bc5972';
const refusal = expect.objectContaining({ code: 'bad_configuration' });
const withKey = (VAULT_KEY: string) => openVault({ VAULT_KEY, DATA_DIR: 'unused' });

describe('sealing', () => {
  test('what is sealed comes back whole, and no two seals are alike', async () => {
    const vault = await withKey(KEY);
    const content = { text: '电话 13912345678 🙏', subject: undefined, list: [1, null], nested: { ä: '"' } };
    const [one, two] = [vault.seal(ITEM, content), vault.seal(ITEM, content)];
    expect(vault.open(ITEM, one)).toEqual(JSON.parse(JSON.stringify(content)));
    expect(one).not.toEqual(two);
    expect(one.subarray(0, 12)).not.toEqual(two.subarray(0, 12));
    expect(Buffer.from(one).toString('utf8')).not.toContain('13912345678');
  });

  test('another key, another item and every changed byte are refused, without showing anything', async () => {
    const vault = await withKey(KEY);
    const sealed = vault.seal(ITEM, { phone: '13912345678' });
    expect(() => vault.open(ITEM.replace('0', '1'), sealed)).toThrow(refusal);
    const other = await withKey(KEY.replace('0', '1'));
    expect(() => other.open(ITEM, sealed)).toThrow(refusal);
    for (let at = 0; at < sealed.length; at++) {
      const altered = Uint8Array.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => vault.open(ITEM, altered)).toThrow(refusal);
    }
    for (const length of [0, 11, 12, 27, 28, sealed.length - 1]) {
      expect(() => vault.open(ITEM, sealed.subarray(0, length))).toThrow(refusal);
    }
  });

  test('a pseudonym is stable under one key, differs between keys and values, and tells nothing', async () => {
    const [vault, same, other] = await Promise.all([
      withKey(KEY),
      withKey(KEY.toUpperCase()),
      withKey('ab'.repeat(32)),
    ]);
    const pseudonym = vault.pseudonym('li@example.com');
    expect(pseudonym).toMatch(/^p:[0-9a-f]{32}$/);
    expect(same.pseudonym('li@example.com')).toBe(pseudonym);
    expect(vault.pseudonym('li@example.org')).not.toBe(pseudonym);
    expect(other.pseudonym('li@example.com')).not.toBe(pseudonym);
    expect(same.keyId).toBe(vault.keyId);
    expect(vault.keyId).toMatch(/^[0-9a-f]{16}$/);
    expect(KEY).not.toContain(vault.keyId);
  });
});

describe('the key in DATA_DIR', () => {
  test('is made once, readable by its owner only, and found again', async () => {
    await using made = await makeFolder();
    const DATA_DIR = path.join(made.folder, 'deep', 'data');
    const vaults = await Promise.all(Array.from({ length: 8 }, () => openVault({ DATA_DIR, VAULT_KEY: undefined })));
    expect(new Set(vaults.map(({ keyId }) => keyId)).size).toBe(1);
    expect(await readdir(DATA_DIR)).toEqual(['vault.key']);
    const file = path.join(DATA_DIR, 'vault.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const sealed = vaults[0]?.seal(ITEM, 'x') ?? new Uint8Array();
    await chmod(file, 0o644);
    const again = await openVault({ DATA_DIR, VAULT_KEY: undefined });
    expect(again.open(ITEM, sealed)).toBe('x');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('gives way to VAULT_KEY', async () => {
    await using made = await makeFolder();
    const { keyId } = await openVault({ DATA_DIR: made.folder, VAULT_KEY: KEY });
    expect(keyId).toBe((await withKey(KEY)).keyId);
    await expect(stat(path.join(made.folder, 'vault.key'))).rejects.toThrow('ENOENT');
  });

  test('that is damaged is refused and left as it is', async () => {
    await using made = await makeFolder();
    const file = path.join(made.folder, 'vault.key');
    for (const text of ['', 'abc', `${KEY}0`, KEY.replace('0', 'x')]) {
      await writeFile(file, text);
      await expect(openVault({ DATA_DIR: made.folder, VAULT_KEY: undefined })).rejects.toThrow(refusal);
      expect(await readFile(file, 'utf8')).toBe(text);
    }
    await writeFile(file, `${KEY}\n`);
    expect((await openVault({ DATA_DIR: made.folder, VAULT_KEY: undefined })).keyId).toBe((await withKey(KEY)).keyId);
  });
});
