import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { shortClip } from '../support/clips.js';
import { startGatewayProcess } from '../support/gateway-process.js';
import { testFolder } from '../support/paths.js';

describe('a gateway that transcribes', () => {
  it('leaves nothing in the home folder nor in the folder for temporary files', async () => {
    const folder = await testFolder();
    const places = ['home', 'tmp'].map((name) => join(folder.path, name));
    for (const place of places) await mkdir(place);
    const [home = '', tmp = ''] = places;
    // Libraries look in one of these for where to keep what they count, remember or report.
    const gateway = await startGatewayProcess({
      HOME: home,
      XDG_CACHE_HOME: join(home, '.cache'),
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_DATA_HOME: join(home, '.local'),
      TMPDIR: tmp,
      TMP: tmp,
      TEMP: tmp,
    });
    try {
      const answer = await gateway.transcribe(shortClip(), { diarize: 'true' });
      assert.equal(answer.status, 200, answer.body);
      for (const place of places) assert.deepEqual(await readdir(place, { recursive: true }), []);
    } finally {
      await gateway.close();
      await folder.remove();
    }
  });
});
