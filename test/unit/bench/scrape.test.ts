import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFigures } from '../../../bench/support/scrape.js';

describe('figures of /metrics', () => {
  it('are those without labels, by name', () => {
    const figures = readFigures(
      '# HELP whosaid_audio_seconds_total Seconds of audio.\n' +
        '# TYPE whosaid_audio_seconds_total counter\n' +
        'whosaid_audio_seconds_total 12.5\n' +
        'whosaid_requests_total{status="200",route="/v1"} 3\n\n' +
        'process_resident_memory_bytes 1.5e+8\n',
    );
    assert.deepEqual(
      [...figures],
      [
        ['whosaid_audio_seconds_total', 12.5],
        ['process_resident_memory_bytes', 1.5e8],
      ],
    );
  });
});
