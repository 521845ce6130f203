import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CorePlaces } from '#services/model-manager/hosts/core-places.js';

describe('places on processors', () => {
  it('have room for as many calls as their threads leave', () => {
    const places = new CorePlaces(() => 4);
    assert.equal(places.roomFor(1), 4);
    assert.equal(places.roomFor(3), 1);
    places.take(3);
    assert.equal(places.roomFor(1), 1);
    assert.equal(places.roomFor(2), 0);
    places.leave(3);
    assert.equal(places.roomFor(2), 2);
  });

  it('have room for one call of more threads than there are processors, when nothing else runs', () => {
    const places = new CorePlaces(() => 2);
    assert.equal(places.roomFor(8), 1);
    places.take(1);
    assert.equal(places.roomFor(8), 0);
  });

  it('have no room for others while urgent calls took more than there is', () => {
    const places = new CorePlaces(() => 1);
    places.take(1);
    places.take(1);
    places.leave(1);
    assert.equal(places.roomFor(1), 0);
    places.leave(1);
    assert.equal(places.roomFor(1), 1);
  });

  it('tell each that waits once, whoever waits longest first', () => {
    const places = new CorePlaces(() => 1);
    const told: string[] = [];
    const [first, second] = ['first', 'second'].map((name) => () => {
      told.push(name);
    });
    assert.ok(first && second);
    places.take(1);
    for (const onRoom of [first, second, first]) places.wait(onRoom);
    places.leave(1);
    places.take(1);
    places.leave(1);
    assert.deepEqual(told, ['first', 'second']);
  });

  it('tell who gives one back after all others', () => {
    const places = new CorePlaces(() => 1);
    const told: string[] = [];
    const giver = () => told.push('giver');
    const other = () => told.push('other');
    places.take(1);
    places.wait(giver);
    places.wait(other);
    places.leave(1, giver);
    assert.deepEqual(told, ['other', 'giver']);
  });

  it('are as many as are asked for each time, since a graphics processor may be found later', () => {
    let size = 1;
    const places = new CorePlaces(() => size);
    places.take(1);
    assert.equal(places.roomFor(1), 0);
    size = Number.POSITIVE_INFINITY;
    assert.equal(places.roomFor(1), Number.POSITIVE_INFINITY);
  });
});
