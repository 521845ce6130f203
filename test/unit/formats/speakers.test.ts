import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSync } from 'subtitle';
import { type RenderOptions, type ResponseFormat, renderTranscript } from '#utils/formats/index.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import { segmentOf, transcriptOf } from './sample-transcript.js';

/** A segment in which one speaker says all; undefined: nobody was heard there. */
function spoken(options: {
  id: number;
  speaker: string | undefined;
  text: string;
  start: number;
  perWord?: number;
}): Segment {
  const { speaker, ...rest } = options;
  const segment = segmentOf(rest);
  if (speaker === undefined) return segment;
  return { ...segment, speaker, words: segment.words.map((word) => ({ ...word, speaker })) };
}

function conversation(segments: readonly Segment[], duration = 20): Transcript {
  const names = new Set(segments.flatMap(({ speaker }) => speaker ?? []));
  return {
    ...transcriptOf(segments, duration),
    speakers: [...names].map((name) => ({ name, seconds: 1 })),
    turns: segments.flatMap(({ start, end, speaker }) =>
      speaker ? [{ start, end, speaker }] : [],
    ),
  };
}

const sample = conversation(
  [
    spoken({ id: 0, speaker: 'Alice', text: 'Good morning, everyone.', start: 0.32 }),
    spoken({ id: 1, speaker: 'Alice', text: 'Shall we begin?', start: 3.1 }),
    spoken({ id: 2, speaker: 'B', text: 'Yes, please.', start: 5 }),
  ],
  8.47,
);

const render = (
  format: ResponseFormat,
  of: Transcript = sample,
  options: Partial<RenderOptions> = {},
) => renderTranscript(of, { format, languageName: 'english', ...options }).body;

const cuesOf = (body: string) =>
  parseSync(body).flatMap((node) => (node.type === 'cue' ? [node.data] : []));

describe('diarized_json', () => {
  it("is OpenAI's shape, key for key", () => {
    const { contentType, body } = renderTranscript(sample, {
      format: 'diarized_json',
      languageName: 'english',
    });
    assert.equal(contentType, 'application/json; charset=utf-8');
    assert.deepEqual(JSON.parse(body), {
      task: 'transcribe',
      duration: 8.47,
      text: 'Good morning, everyone. Shall we begin? Yes, please.',
      segments: [
        {
          type: 'transcript.text.segment',
          id: 'seg_0',
          start: 0.32,
          end: 1.82,
          text: ' Good morning, everyone.',
          speaker: 'Alice',
        },
        {
          type: 'transcript.text.segment',
          id: 'seg_1',
          start: 3.1,
          end: 4.6,
          text: ' Shall we begin?',
          speaker: 'Alice',
        },
        {
          type: 'transcript.text.segment',
          id: 'seg_2',
          start: 5,
          end: 6,
          text: ' Yes, please.',
          speaker: 'B',
        },
      ],
      usage: { type: 'duration', seconds: 9 },
    });
  });

  it('has no segments and an empty text when nobody speaks', () => {
    const { text, segments } = JSON.parse(render('diarized_json', conversation([], 2)));
    assert.deepEqual({ text, segments }, { text: '', segments: [] });
  });

  it('says that a speaker is unknown where nobody was heard, since clients need a text', () => {
    const lonely = conversation([spoken({ id: 0, speaker: undefined, text: 'Hm.', start: 0 })]);
    assert.equal(JSON.parse(render('diarized_json', lonely)).segments[0].speaker, 'unknown');
  });

  it('is refused for a transcript without speakers, rather than made up', () => {
    assert.throws(() => render('diarized_json', transcriptOf([], 1)), TypeError);
  });

  it('keeps a name as the client wrote it', () => {
    const name = 'Zoë "Z" <z@example.org>\t& Co';
    const named = conversation([spoken({ id: 0, speaker: name, text: 'Hi.', start: 0 })]);
    assert.equal(JSON.parse(render('diarized_json', named)).segments[0].speaker, name);
  });
});

describe('json with speakers', () => {
  it("stays OpenAI's without the detail that was asked for with a field of ours", () => {
    assert.deepEqual(Object.keys(JSON.parse(render('json'))), ['text', 'usage']);
  });

  it('has segments of four keys each with it', () => {
    const { text, segments, usage } = JSON.parse(render('json', sample, { speakerDetail: true }));
    assert.equal(text, sample.text);
    assert.deepEqual(usage, { type: 'duration', seconds: 9 });
    assert.equal(segments.length, 3);
    assert.deepEqual(segments[2], { start: 5, end: 6, text: 'Yes, please.', speaker: 'B' });
  });

  it('has none when the transcript has no speakers', () => {
    const plain = render('json', transcriptOf([], 1), { speakerDetail: true });
    assert.deepEqual(Object.keys(JSON.parse(plain)), ['text', 'usage']);
  });
});

describe('verbose_json with speakers', () => {
  it('gains the speaker on segments and words', () => {
    const { segments, words } = JSON.parse(
      render('verbose_json', sample, { granularities: ['word', 'segment'] }),
    );
    assert.equal(Object.keys(segments[0]).length, 11);
    assert.deepEqual(
      segments.map(({ speaker }: { speaker: string }) => speaker),
      ['Alice', 'Alice', 'B'],
    );
    assert.deepEqual(words[0], { word: 'Good', start: 0.32, end: 0.82, speaker: 'Alice' });
    assert.deepEqual(words.at(-1), { word: 'please.', start: 5.5, end: 6, speaker: 'B' });
  });

  it("gives a word its segment's speaker when it has none of its own", () => {
    const segment = { ...segmentOf({ text: 'Hm.', start: 0 }), speaker: 'A' };
    const options = { granularities: ['word'] } as const;
    const { words } = JSON.parse(render('verbose_json', conversation([segment]), options));
    assert.equal(words[0].speaker, 'A');
  });

  it('has no speaker when none was asked for', () => {
    const plain = transcriptOf([segmentOf({ text: 'Hm.', start: 0 })], 1);
    const options = { granularities: ['word', 'segment'] } as const;
    const { segments, words } = JSON.parse(render('verbose_json', plain, options));
    assert.ok(!('speaker' in segments[0]) && !('speaker' in words[0]));
  });
});

describe('text with speakers', () => {
  it('has one line for each turn, segments of one speaker joined', () => {
    assert.equal(
      render('text'),
      'Alice: Good morning, everyone. Shall we begin?\nB: Yes, please.\n',
    );
  });

  it('begins a line again when a speaker comes back, and leaves empty segments out', () => {
    const turns = conversation([
      spoken({ id: 0, speaker: 'A', text: 'One.', start: 0 }),
      { ...spoken({ id: 1, speaker: 'B', text: 'x', start: 1 }), text: ' ' },
      spoken({ id: 2, speaker: 'A', text: 'Two.', start: 2 }),
      spoken({ id: 3, speaker: 'B', text: 'Three.', start: 3 }),
      spoken({ id: 4, speaker: 'A', text: 'Four.', start: 4 }),
      spoken({ id: 5, speaker: undefined, text: 'Five.', start: 5 }),
    ]);
    assert.equal(render('text', turns), 'A: One. Two.\nB: Three.\nA: Four.\nFive.\n');
  });

  it('is an empty line when nobody speaks', () => {
    assert.equal(render('text', conversation([], 2)), '\n');
  });
});

describe('srt and vtt with speakers', () => {
  it('begin each cue with its speaker, byte for byte', () => {
    const one = conversation([
      { ...spoken({ id: 0, speaker: 'Alice', text: 'Text', start: 0 }), end: 3 },
    ]);
    assert.equal(render('srt', one), '1\n00:00:00,000 --> 00:00:03,000\nAlice: Text\n\n');
    assert.equal(render('vtt', one), 'WEBVTT\n\n00:00:00.000 --> 00:00:03.000\n<v Alice>Text\n\n');
  });

  it('are read back by a subtitle parser with the same times, one cue a segment', () => {
    assert.deepEqual(cuesOf(render('srt')), [
      { start: 320, end: 1820, text: 'Alice: Good morning, everyone.' },
      { start: 3100, end: 4600, text: 'Alice: Shall we begin?' },
      { start: 5000, end: 6000, text: 'B: Yes, please.' },
    ]);
    assert.deepEqual(
      cuesOf(render('vtt')).map(({ text }) => text),
      ['<v Alice>Good morning, everyone.', '<v Alice>Shall we begin?', '<v B>Yes, please.'],
    );
  });

  const sentence = 'All of this has to be said at length, slowly, and more than once. ';
  const long = (speaker: string) =>
    conversation([
      spoken({ id: 0, speaker, text: sentence.repeat(4).trim(), start: 0, perWord: 0.3 }),
      spoken({ id: 1, speaker: 'B', text: 'Quite.', start: 20 }),
    ]);

  for (const [name, what] of [
    ['Al', 'a short name'],
    ['Professor Doctor Bartholomew Featherstonehaugh the Younger', 'a long name'],
    ['x'.repeat(64), 'the longest name'],
  ] as const) {
    it(`repeat the speaker in every cue of a long segment within the limits: ${what}`, () => {
      const srt = cuesOf(render('srt', long(name)));
      assert.ok(srt.length > 4);
      assert.equal(srt.at(-1)?.text, 'B: Quite.');
      const own = srt.slice(0, -1);
      for (const { text, start, end } of own) {
        assert.ok(text.startsWith(`${name}: `), text);
        assert.ok(text.length <= 84 && end - start <= 7000, text);
      }
      const said = own.map(({ text }) => text.slice(name.length + 2)).join(' ');
      assert.equal(said, sentence.repeat(4).trim());
      const vtt = cuesOf(render('vtt', long(name))).slice(0, -1);
      for (const { text } of vtt) assert.ok(text.startsWith(`<v ${name}>`), text);
    });
  }

  it('does not count the name among the characters of a vtt cue, where it is not shown', () => {
    const vtt = cuesOf(render('vtt', long('x'.repeat(64))));
    assert.ok(vtt.length < cuesOf(render('srt', long('x'.repeat(64)))).length);
  });

  it('leave the label out of a segment without a speaker', () => {
    const lonely = conversation([spoken({ id: 0, speaker: undefined, text: 'Hm.', start: 0 })]);
    assert.equal(cuesOf(render('srt', lonely))[0]?.text, 'Hm.');
    assert.equal(cuesOf(render('vtt', lonely))[0]?.text, 'Hm.');
  });

  for (const [name, inSrt, inVtt] of [
    ['R&D <lab>', 'R&D <lab>', 'R&amp;D &lt;lab&gt;'],
    ['a --> b', 'a -> b', 'a --&gt; b'],
    ['a ---> b', 'a -> b', 'a ---&gt; b'],
    ['two\r\n\r\nlines', 'two lines', 'two lines'],
    ['1\n00:00:01,000 --> 00:00:02,000', '1 00:00:01,000 -> 00:00:02,000', undefined],
    ['tab\tnul\u0000bell\u0007', 'tab nul bell', 'tab nul bell'],
    ['line\u2028separator\u0085next', 'line separator next', 'line separator next'],
    ['&amp;', '&amp;', '&amp;amp;'],
    ['Zoë 王', 'Zoë 王', 'Zoë 王'],
  ] as const) {
    it(`are not broken by a speaker called ${JSON.stringify(name)}`, () => {
      const named = conversation([
        spoken({ id: 0, speaker: name, text: 'First one.', start: 0 }),
        spoken({ id: 1, speaker: 'B', text: 'Second one.', start: 2 }),
      ]);
      const srt = cuesOf(render('srt', named));
      assert.deepEqual(
        srt.map(({ text }) => text),
        [`${inSrt}: First one.`, 'B: Second one.'],
      );
      const vtt = cuesOf(render('vtt', named));
      assert.equal(vtt.length, 2);
      // Up to the first `>` is the annotation, as players read it.
      const [, annotation, said] = /^<v ([^>]*)>(.*)$/.exec(vtt[0]?.text ?? '') ?? [];
      assert.equal(said, 'First one.');
      if (inVtt !== undefined) assert.equal(annotation, inVtt);
      const lines = render('text', named).split('\n');
      assert.deepEqual(lines.slice(1), ['B: Second one.', '']);
    });
  }
});
