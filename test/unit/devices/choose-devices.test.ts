import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { chooseDevices } from '#services/devices/choose-devices.js';
import { onnxProviders, sherpaProvider, useDevices } from '#services/devices/in-use.js';
import { tryDevice } from '#services/devices/try-device.js';
import { CPU_ONLY } from '#services/devices/types.js';
import { type LogFields, silentLogger } from '#utils/logging/logger.js';
import { childrenOf } from '../../support/processes.js';

const bundled = join(projectRoot, 'models', 'bundled');
const models = {
  onnxruntime: join(bundled, 'segmentation-3.0', 'segmentation-3.0.onnx'),
  'sherpa-onnx': join(bundled, 'campplus-zh-en-advanced', 'campplus-zh-en-advanced.onnx'),
};
/** A device that no package for this system has. */
const absent = process.platform === 'darwin' ? 'directml' : 'coreml';

function logging() {
  const warnings: (LogFields | undefined)[] = [];
  const warn = (_: string, fields?: LogFields) => void warnings.push(fields);
  return { warnings, logger: { ...silentLogger, warn } };
}

describe('devices', () => {
  it('are replaced by the processor where they do not work, each with one warning that says why', async () => {
    const { warnings, logger } = logging();
    assert.deepEqual(await chooseDevices({ device: absent, models, logger }), CPU_ONLY);
    assert.deepEqual(warnings.map((each) => each?.library).toSorted(), [
      'onnxruntime',
      'sherpa-onnx',
    ]);
    for (const each of warnings) {
      assert.equal(each?.device, absent);
      assert.match(String(each?.reason), /this build has cpu|fallback to cpu/i);
    }
  });

  it('are tried in a process that may end without a word', async () => {
    const model = join(projectRoot, 'package.json');
    const trial = { library: 'sherpa-onnx', device: 'cpu', model } as const;
    assert.equal(typeof (await tryDevice(trial)), 'string');
  });

  it('are given up where they do not answer', async () => {
    const trial = { library: 'onnxruntime', device: 'cpu', model: models.onnxruntime } as const;
    assert.equal(await tryDevice({ ...trial, timeoutMs: 1 }), 'it was not ready after 1 ms');
    assert.equal(await tryDevice(trial), undefined, 'with time the processor works');
  });

  it('cost no process where the processor is asked for, or nothing was added', async () => {
    const before = childrenOf().length;
    for (const device of ['cpu', 'auto'] as const) {
      const { warnings, logger } = logging();
      const choice = chooseDevices({ device, models, logger });
      assert.equal(childrenOf().length, before);
      assert.deepEqual(await choice, CPU_ONLY);
      assert.deepEqual(warnings, []);
    }
  });
});

describe('an engine host', () => {
  afterEach(() => useDevices());

  it('uses the device that it was told of, with the processor for what that cannot do', () => {
    assert.deepEqual([onnxProviders(), sherpaProvider()], [{}, 'cpu']);
    useDevices({ onnxruntime: 'directml', 'sherpa-onnx': 'cuda' });
    assert.deepEqual(onnxProviders(), { executionProviders: ['dml', 'cpu'] });
    assert.equal(sherpaProvider(), 'cuda');
  });
});
