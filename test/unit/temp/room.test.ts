import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRoom } from '#services/temp/room.js';

describe('a room that many share', () => {
  it('is given out until it is full, and what was given back can be had again', () => {
    const room = createRoom({ limitBytes: 100 });
    const [first, second] = [room.reserve(60), room.reserve(40)];
    assert.equal(room.usedBytes(), 100);
    assert.throws(() => room.reserve(1), {
      key: 'uploads_full',
      params: { used: 100, limit: 100, seconds: 15 },
    });
    first.release();
    first.release();
    assert.equal(room.usedBytes(), 40);
    room.reserve(60);
    second.release();
    assert.equal(room.usedBytes(), 60);
  });

  it('grows with what comes where no length was told, and not with what was reserved', () => {
    const room = createRoom({ limitBytes: 100 });
    const told = room.reserve(50);
    told.filled(20);
    told.filled(50);
    assert.equal(room.usedBytes(), 50);
    const untold = room.reserve();
    untold.filled(30);
    assert.equal(room.usedBytes(), 80);
    assert.throws(() => untold.filled(51), { key: 'uploads_full' });
    assert.equal(untold.bytes, 30);
    untold.release();
    untold.filled(40);
    assert.equal(room.usedBytes(), 50);
  });

  it('says at once that something never fits, whatever is free', () => {
    const room = createRoom({ limitBytes: 100 });
    const other = room.reserve(50);
    const expected = { key: 'upload_never_fits', params: { received: 101, limit: 100 } };
    assert.throws(() => room.reserve(101), expected);
    other.release();
    const untold = room.reserve(100);
    assert.throws(() => untold.filled(101), expected);
  });

  it('knows what has been reserved and has not come', () => {
    const room = createRoom({ limitBytes: 100 });
    const first = room.reserve(60);
    first.filled(25);
    room.reserve().filled(10);
    assert.equal(room.outstandingBytes(), 35);
    first.release();
    assert.equal(room.outstandingBytes(), 0);
  });
});
