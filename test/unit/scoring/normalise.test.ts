import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normaliseText, normaliseWords } from '../../../bench/scoring/normalise.js';

const equal: [string, string][] = [
  ['Hello,   World!', 'hello world'],
  ['“It’s” fine…', "it's fine"],
  ["the dogs' bowl", 'the dogs bowl'],
  ['a well-known mother–in–law', 'a well known mother in law'],
  ['and/or', 'and or'],
  ['café', 'cafe'],
  // cardinals
  ['twenty-one', '21'],
  ['zero', '0'],
  ['eleven years', '11 years'],
  ['a hundred', '100'],
  ['one hundred and five', '105'],
  ['two thousand three hundred forty five', '2,345'],
  ['one million two hundred thousand', '1,200,000'],
  ['5 million', 'five million'],
  ['2.3 thousand', 'two point three thousand'],
  ['three hundred thousand', '300,000'],
  ['a thousand and one nights', '1001 nights'],
  ["ten o'clock", "10 o'clock"],
  // ordinals
  ['the second week', 'the 2nd week'],
  ['twenty first', '21st'],
  ['the eleventh and the thirteenth', 'the 11th and the 13th'],
  ['one hundred and third', '103rd'],
  ['the hundred and fiftieth', 'the hundred and 50th'],
  // years and decades
  ['nineteen eighty four', '1984'],
  ['twenty twenty-six', '2026'],
  ['twenty nineteen', '2019'],
  ['nineteen oh five', '1905'],
  ['ten sixty six', '1066'],
  ['nineteen hundred', '1900'],
  ['fifteen hundred', '1500'],
  ['two thousand and five', '2005'],
  ['the nineteen eighties', 'the 1980s'],
  ['the eighties', "the '80s"],
  ["the 80's", 'the 80s'],
  // decimals
  ['three point one four', '3.14'],
  ['zero point five', '0.5'],
  ['three point twenty five', '3.25'],
  ['two point five zero', '2.50'],
  // percent and money
  ['fifty percent', '50%'],
  ['fifty per cent', '50 %'],
  ['three point five percent', '3.5%'],
  ['five dollars', '$5'],
  ['one dollar', '$1'],
  ['five dollars and twenty cents', '$5.20'],
  ['twelve pounds fifty pence', '£12.50'],
  ['two point five million euros', '€2.5 million.'],
  ['one hundred thousand dollars', '$100,000'],
  // times of the day
  ['seven thirty', '7:30'],
  ['seven oh five', '7:05'],
  ["seven o'clock", '7:00'],
  ['seven am', '7:00 a.m.'],
  ['seven thirty pm', '7:30pm'],
  ['thirteen thirty', '13:30'],
  // spelling
  ['She apologised for the colour of the theatre.', 'she apologized for the color of the theater'],
  ['two metres', '2 meters'],
  ["the neighbour's cheque", "the neighbor's check"],
  ['travelling', 'traveling'],
  ['R & D', 'r and d'],
  ['the U.S. team', 'the US team'],
];

const different: [string, string][] = [
  ["it's", 'its'],
  ["it's", 'it is'],
  ['everyone', 'every one'],
  ['two', 'to'],
  ['four', 'for'],
  ['two', 'second'],
  ['seven thirty', '730'],
  ['seven fifteen', 'a quarter past seven'],
  ['twenty', '20th'],
  ['thirteen', 'thirty'],
  ['one hundred', 'one thousand'],
  ['3.5', '35'],
  ['2.5', '2.50'],
  ['five percent', 'five'],
  ['$5', '£5'],
  ['$5', '5'],
  ['$5.20', '$5.02'],
  ['five million', '5000'],
  ['a hundred', 'hundred'],
  ['learnt', 'learned'],
  ['aeroplane', 'airplane'],
  ['colours', 'color'],
  ['whole', 'hole'],
  ['the', ''],
  ['eighties', '80'],
];

describe('normalised text', () => {
  for (const [one, other] of equal) {
    it(`takes "${one}" and "${other}" for equal`, () => {
      assert.deepEqual(normaliseText(one), normaliseText(other));
    });
  }

  for (const [one, other] of different) {
    it(`keeps "${one}" and "${other}" apart`, () => {
      assert.notDeepEqual(normaliseText(one), normaliseText(other));
    });
  }

  it('is what a reader expects, word by word', () => {
    assert.deepEqual(
      normaliseText('On the 2nd of March, twenty-one neighbours paid $5.20: 7:30 was “too late”!'),
      [
        'on',
        'the',
        '2nd',
        'of',
        'march',
        '21',
        'neighbors',
        'paid',
        '5',
        'dollars',
        '20',
        'cents',
        '7',
        '30',
        'was',
        'too',
        'late',
      ],
    );
  });

  it('does not change when it is normalised again', () => {
    for (const [one] of equal) {
      const once = normaliseText(one);
      assert.deepEqual(normaliseText(once.join(' ')), once);
    }
  });

  it('is empty for empty or unspoken text', () => {
    assert.deepEqual(normaliseText(' \n '), []);
    assert.deepEqual(normaliseText('… — !'), []);
  });

  it('says which input words each word came from', () => {
    assert.deepEqual(normaliseWords(['Chapter', 'twenty', 'one,', 'well-known']), [
      { text: 'chapter', from: 0, to: 0 },
      { text: '21', from: 1, to: 2 },
      { text: 'well', from: 3, to: 3 },
      { text: 'known', from: 3, to: 3 },
    ]);
  });
});
