import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, open, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createTempStore, type TempStore } from '#services/temp/temp-store.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../../support/paths.js';

const RANDOM = '0'.repeat(32);

describe('temporary folders', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let root: string;

  beforeEach(async () => {
    folder = await testFolder();
    root = join(folder.path, 'not', 'there', 'yet');
  });
  afterEach(() => folder.remove());

  const newStore = () => createTempStore({ root, logger: silentLogger });

  it('lie under the given root, are private and never the same', async () => {
    const store = newStore();
    const folders = await Promise.all([store.folder(), store.folder(), store.folder()]);
    assert.equal(new Set(folders.map(({ path }) => path)).size, 3);
    for (const { path } of folders) {
      assert.equal(dirname(dirname(path)), root);
      assert.match(basename(path), /^[0-9a-f]{32}$/);
      if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o700);
    }
    assert.equal((await readdir(root)).length, 1);
    if (process.platform !== 'win32') {
      assert.equal((await stat(store.path ?? '')).mode & 0o777, 0o700);
    }
  });

  it('disappear with their files, once or twice, also when they are gone already', async () => {
    const store = newStore();
    const { path, remove } = await store.folder();
    await writeFile(join(path, 'upload'), 'bytes');
    await Promise.all([remove(), remove()]);
    await remove();
    assert.deepEqual(await readdir(store.path ?? ''), []);
  });

  it('all disappear on disposal, and none comes after it', async () => {
    const store = newStore();
    await store.folder();
    await store.folder();
    await store.dispose();
    await store.dispose();
    assert.deepEqual(await readdir(root), []);
    await assert.rejects(store.folder(), /removed for good/);
    assert.deepEqual(await readdir(root), []);
  });

  for (const [what, lost] of [
    ['their parent', (store: TempStore) => store.path ?? ''],
    ['the whole root', () => root],
  ] as const) {
    it(`come back, in one place, after a cleaner has removed ${what}`, async () => {
      const store = newStore();
      const first = await store.folder();
      await rm(lost(store), { recursive: true });
      await first.remove();
      const folders = await Promise.all([store.folder(), store.folder(), store.folder()]);
      for (const { path } of folders) {
        assert.equal(dirname(path), store.path);
        await writeFile(join(path, 'upload'), 'bytes');
      }
      assert.equal((await readdir(root)).length, 1);
      await store.dispose();
      assert.deepEqual(await readdir(root), []);
    });
  }

  it('are made elsewhere when somebody has taken the name of a parent that was removed', {
    skip: process.getuid?.() === 0 ? false : 'only root can make what belongs to somebody else',
  }, async () => {
    const store = newStore();
    await store.folder();
    const taken = store.path ?? '';
    await rm(taken, { recursive: true });
    await mkdir(taken, { mode: 0o777 });
    await chown(taken, 65_534, 65_534);
    const { path } = await store.folder();
    assert.notEqual(dirname(path), taken);
    assert.deepEqual(await readdir(taken), []);
  });

  it('wait for a writer that is still putting files into them', async () => {
    const store = newStore();
    const { path, remove } = await store.folder();
    let writing = true;
    const writer = (async () => {
      for (let i = 0; writing && i < 200; i += 1) {
        await writeFile(join(path, `part-${i}`), 'bytes').catch(() => {});
      }
    })();
    await remove();
    writing = false;
    await writer;
    await remove();
    await assert.rejects(stat(path), { code: 'ENOENT' });
  });

  it('that cannot be removed are a warning without names after some seconds, not an error', {
    skip: process.platform === 'win32' ? 'needs permissions that refuse' : false,
  }, async () => {
    const warnings: unknown[] = [];
    const store = createTempStore({
      root,
      logger: { ...silentLogger, warn: (...entry) => warnings.push(entry) },
    });
    const { path, remove } = await store.folder();
    await writeFile(join(path, 'secret-name'), '');
    await chmod(path, 0o500);
    await asNobody(remove);
    await chmod(path, 0o700);
    assert.deepEqual(warnings, [['A temporary folder could not be removed', { code: 'EACCES' }]]);
  });

  it('of dead processes are swept away; others stay', async () => {
    const store = newStore();
    const own = await store.folder();
    const name = basename(store.path ?? '');
    const [, host] = name.split('-');
    const deadPid = await pidOfDeadProcess();
    const alive = `whosaid-${host}-${process.ppid}-0-${RANDOM}`;
    const elsewhere = `whosaid-00000000-${deadPid}-0-${RANDOM}`;
    const dead = `whosaid-${host}-${deadPid}-123-${RANDOM}`;
    const foreign = ['whosaid', 'whosaid-notes', `whosaid-${host}-${deadPid}-x-${RANDOM}`, 'other'];
    for (const each of [alive, elsewhere, dead, ...foreign]) {
      await mkdir(join(root, each));
      await writeFile(join(root, each, 'upload'), 'bytes');
    }
    assert.equal(await store.sweep(), 1);
    assert.deepEqual((await readdir(root)).sort(), [name, alive, elsewhere, ...foreign].sort());
    assert.ok(await stat(own.path));
  });

  it('of dead processes stay when they are links or belong to somebody else', {
    skip: process.getuid?.() === 0 ? false : 'only root can make what belongs to somebody else',
  }, async () => {
    const store = newStore();
    await store.folder();
    const [, host] = basename(store.path ?? '').split('-');
    const prefix = `whosaid-${host}-${await pidOfDeadProcess()}-1-`;
    const precious = join(folder.path, 'precious');
    await mkdir(precious);
    await writeFile(join(precious, 'file'), 'bytes');
    const [link, theirs, ours] = ['a', 'b', 'c'].map((c) => join(root, prefix + c.repeat(32)));
    await symlink(precious, link as string);
    await mkdir(theirs as string);
    await chown(theirs as string, 65_534, 65_534);
    await mkdir(ours as string);
    await symlink(precious, join(ours as string, 'inside'));
    assert.equal(await store.sweep(), 1);
    assert.deepEqual(
      (await readdir(root)).sort(),
      [link, theirs, store.path].map((path) => basename(path ?? '')).sort(),
    );
    assert.deepEqual(await readdir(precious), ['file']);
  });

  it('of a dead process are swept although its number was given to another', {
    skip: process.platform === 'linux' ? false : 'only Linux tells when a process started',
  }, async () => {
    const store = newStore();
    await store.folder();
    const [, host] = basename(store.path ?? '').split('-');
    await mkdir(join(root, `whosaid-${host}-${process.pid}-1-${RANDOM}`));
    assert.equal(await store.sweep(), 1);
  });

  it('are not missed where the root does not exist', async () => {
    assert.equal(await newStore().sweep(), 0);
  });

  it('leave no open handle behind after five in a row', {
    skip: process.platform === 'linux' ? false : 'counts handles through /proc',
  }, async () => {
    const store = newStore();
    await (await store.folder()).remove();
    const before = (await readdir('/proc/self/fd')).length;
    for (let i = 0; i < 5; i += 1) {
      const { path, remove } = await store.folder();
      const file = await open(join(path, 'upload'), 'w');
      await file.write('bytes');
      await file.close();
      await remove();
    }
    assert.equal((await readdir('/proc/self/fd')).length, before);
  });
});

/** The superuser is refused nothing. */
async function asNobody(action: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await action();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

async function pidOfDeadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  assert.ok(child.pid);
  return child.pid;
}
