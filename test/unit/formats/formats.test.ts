import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSync } from 'subtitle';
import { type Granularity, type ResponseFormat, renderTranscript } from '#utils/formats/index.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import { segmentOf, transcriptOf } from './sample-transcript.js';

const transcript = transcriptOf(
  [
    segmentOf({ id: 0, text: 'Good morning, everyone.', start: 0.32 }),
    segmentOf({ id: 1, text: 'Shall we begin?', start: 3.1 }),
  ],
  8.47,
);

const render = (
  format: ResponseFormat,
  of: Transcript = transcript,
  granularities?: Granularity[],
) =>
  renderTranscript(of, {
    format,
    languageName: 'english',
    ...(granularities && { granularities }),
  });

describe('json', () => {
  it('holds the text and the usage in whole seconds rounded up, and nothing else', () => {
    const { contentType, body } = render('json');
    assert.equal(contentType, 'application/json; charset=utf-8');
    assert.deepEqual(JSON.parse(body), {
      text: 'Good morning, everyone. Shall we begin?',
      usage: { type: 'duration', seconds: 9 },
    });
  });

  it('does not round a whole number of seconds up because of a rounding error', () => {
    const { usage } = JSON.parse(render('json', transcriptOf([], 0.1 * 30)).body);
    assert.equal(usage.seconds, 3);
  });
});

describe('text', () => {
  it('is the bare text as plain text', () => {
    assert.deepEqual(render('text'), {
      contentType: 'text/plain; charset=utf-8',
      body: 'Good morning, everyone. Shall we begin?\n',
    });
  });
});

describe('verbose_json', () => {
  it('gives all ten fields of a segment, a leading space and the offset in hundredths of a second', () => {
    const { contentType, body } = render('verbose_json');
    assert.equal(contentType, 'application/json; charset=utf-8');
    assert.deepEqual(JSON.parse(body), {
      task: 'transcribe',
      language: 'english',
      duration: 8.47,
      text: 'Good morning, everyone. Shall we begin?',
      segments: [
        {
          id: 0,
          seek: 32,
          start: 0.32,
          end: 1.82,
          text: ' Good morning, everyone.',
          tokens: [1, 2, 3],
          temperature: 0,
          avg_logprob: -0.25,
          compression_ratio: 1.1,
          no_speech_prob: 0.01,
        },
        {
          id: 1,
          seek: 310,
          start: 3.1,
          end: 4.6,
          text: ' Shall we begin?',
          tokens: [1, 2, 3],
          temperature: 0,
          avg_logprob: -0.25,
          compression_ratio: 1.1,
          no_speech_prob: 0.01,
        },
      ],
      usage: { type: 'duration', seconds: 9 },
    });
  });

  for (const [granularities, present] of [
    [undefined, ['segments']],
    [[], ['segments']],
    [['segment'], ['segments']],
    [['word'], ['words']],
    [
      ['word', 'segment'],
      ['segments', 'words'],
    ],
  ] as [Granularity[] | undefined, string[]][]) {
    it(`has ${present.join(' and ')} when the granularities are ${granularities?.join(' and ') || 'not given'}`, () => {
      const parsed = JSON.parse(render('verbose_json', transcript, granularities).body);
      assert.deepEqual(
        ['segments', 'words'].filter((key) => key in parsed),
        present,
      );
    });
  }

  it('lists the words of all segments at the top level', () => {
    const { words } = JSON.parse(render('verbose_json', transcript, ['word']).body);
    assert.equal(words.length, 6);
    assert.deepEqual(words[0], { word: 'Good', start: 0.32, end: 0.82 });
    assert.deepEqual(words[5], { word: 'begin?', start: 4.1, end: 4.6 });
  });

  it('writes finite numbers when the engine gave none', () => {
    const broken: Segment = {
      ...segmentOf({ text: 'Hm.', start: 0 }),
      avgLogprob: Number.NEGATIVE_INFINITY,
      compressionRatio: Number.NaN,
      noSpeechProb: Number.NaN,
      temperature: Number.NaN,
    };
    const { segments } = JSON.parse(render('verbose_json', transcriptOf([broken], 1)).body);
    for (const value of Object.values(segments[0])) assert.notEqual(value, null);
  });

  it('has empty lists and an empty text when nobody speaks', () => {
    const silent = render('verbose_json', transcriptOf([], 2), ['word', 'segment']);
    const { text, segments, words } = JSON.parse(silent.body);
    assert.deepEqual({ text, segments, words }, { text: '', segments: [], words: [] });
  });
});

describe('srt and vtt', () => {
  const one = transcriptOf([{ ...segmentOf({ text: 'Text', start: 0 }), end: 3 }], 3);

  it('writes srt byte for byte as OpenAI does', () => {
    assert.deepEqual(render('srt', one), {
      contentType: 'text/plain; charset=utf-8',
      body: '1\n00:00:00,000 --> 00:00:03,000\nText\n\n',
    });
  });

  it('writes vtt byte for byte as OpenAI does, without cue numbers', () => {
    assert.deepEqual(render('vtt', one), {
      contentType: 'text/plain; charset=utf-8',
      body: 'WEBVTT\n\n00:00:00.000 --> 00:00:03.000\nText\n\n',
    });
  });

  it('numbers srt cues from 1 and parts them with one empty line', () => {
    assert.equal(
      render('srt').body,
      '1\n00:00:00,320 --> 00:00:01,820\nGood morning, everyone.\n\n2\n00:00:03,100 --> 00:00:04,600\nShall we begin?\n\n',
    );
  });

  for (const [start, end, line] of [
    [59.9996, 61, '00:01:00,000 --> 00:01:01,000'],
    [3599.9999, 3601.0004, '01:00:00,000 --> 01:00:01,000'],
    [86_399.5, 90_000.25, '23:59:59,500 --> 25:00:00,250'],
    [360_000, 363_661.007, '100:00:00,000 --> 101:01:01,007'],
    [-0.02, 0.5, '00:00:00,000 --> 00:00:00,500'],
  ] as const) {
    it(`writes ${start} s to ${end} s as ${line}`, () => {
      const segment = { ...segmentOf({ text: 'Hi', start }), end };
      // Longer than a cue may be, but a single word cannot be cut.
      const srt = render('srt', transcriptOf([segment], end)).body;
      const vtt = render('vtt', transcriptOf([segment], end)).body;
      assert.equal(srt.split('\n')[1], line);
      assert.equal(vtt.split('\n')[2], line.replaceAll(',', '.'));
    });
  }

  it('is an empty srt and a bare vtt header when nobody speaks', () => {
    const silent = transcriptOf([{ ...segmentOf({ text: 'x', start: 0 }), text: '  ' }], 2);
    assert.equal(render('srt', silent).body, '');
    assert.equal(render('vtt', silent).body, 'WEBVTT\n\n');
  });

  it('keeps line breaks, arrows and markup in a text from breaking the file', () => {
    const text = 'First\n\n2\n00:00:01,000 --> 00:00:02,000 R&B <i>second</i>';
    const nasty = transcriptOf([{ ...segmentOf({ text, start: 0 }), end: 3 }], 3);
    const srt = render('srt', nasty).body;
    assert.equal(
      srt,
      '1\n00:00:00,000 --> 00:00:03,000\nFirst 2 00:00:01,000 -> 00:00:02,000 R&B <i>second</i>\n\n',
    );
    assert.equal(
      render('vtt', nasty).body,
      'WEBVTT\n\n00:00:00.000 --> 00:00:03.000\nFirst 2 00:00:01,000 --&gt; 00:00:02,000 R&amp;B &lt;i&gt;second&lt;/i&gt;\n\n',
    );
  });

  it('is read back by a subtitle parser with the same times and texts', () => {
    for (const format of ['srt', 'vtt'] as const) {
      const cues = parseSync(render(format).body).filter((node) => node.type === 'cue');
      assert.deepEqual(
        cues.map(({ data }) => data),
        [
          { start: 320, end: 1820, text: 'Good morning, everyone.' },
          { start: 3100, end: 4600, text: 'Shall we begin?' },
        ],
      );
    }
  });
});
