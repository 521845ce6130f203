import type { HostileFile } from './hostile-file.js';
import type { Random } from './random.js';

const LENGTHS = [64, 5000, 300_000];

/** The first bytes of a type, and noise behind them. */
export function* magicsAndNoise(random: Random): Generator<HostileFile> {
  for (const [name, magic] of Object.entries(magics)) {
    for (const length of LENGTHS) {
      const bytes = Buffer.concat([Buffer.from(magic, 'latin1'), random.bytes(length)]);
      yield { family: 'magics', name: `${name} and ${length} random bytes`, bytes };
    }
  }
}

/** What files of one type begin with, as FFmpeg's demuxers and others know it. */
const magics: Readonly<Record<string, string>> = {
  wav: 'RIFF\xff\xff\xff\x7fWAVEfmt ',
  rf64: 'RF64\xff\xff\xff\xffWAVEds64',
  w64: 'riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0',
  aiff: 'FORM\0\xff\xff\xffAIFFCOMM',
  aifc: 'FORM\0\xff\xff\xffAIFCFVER',
  iff: 'FORM\0\xff\xff\xff8SVXVHDR',
  au: '.snd\0\0\0\x18',
  caf: 'caff\0\x01\0\0desc',
  flac: 'fLaC\0\0\0\x22',
  ogg: 'OggS\0\x02',
  opus: 'OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead',
  mp3: '\xff\xfb\x90\x64',
  id3: 'ID3\x04\0\0\0\0\x0f\x76',
  adts: '\xff\xf1\x50\x80',
  loas: '\x56\xe0',
  ac3: '\x0b\x77',
  dts: '\x7f\xfe\x80\x01',
  dtshd: 'DTSHDHDR',
  truehd: '\0\0\0\0\xf8\x72\x6f\xba',
  mlp: '\0\0\0\0\xf8\x72\x6f\xbb',
  mp4: '\0\0\0\x18ftypmp42\0\0\0\0mp42isom',
  moov: '\0\xff\xff\xffmoov',
  webm: '\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01',
  asf: '\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c',
  avi: 'RIFF\xff\xff\xff\x7fAVI LIST',
  flv: 'FLV\x01\x05\0\0\0\x09',
  mpeg: '\0\0\x01\xba\x44',
  mpegts: 'G\x40\0\x10',
  nut: 'nut/multimedia container\0',
  rm: '.RMF\0\0\0\x12',
  gxf: '\0\0\0\0\x01\xbc\0\0\0\0\0\0\0\0\xe1\xe2',
  mxf: '\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02',
  nsv: 'NSVf',
  wtv: '\xb7\xd8\0\x20\x37\x49\xda\x11\xa6\x4e\0\x07\xe9\x5e\xad\x8d',
  dv: '\x1f\x07\0\x3f',
  amr: '#!AMR\n',
  amrwb: '#!AMR-WB\n',
  ilbc: '#!iLBC30\n',
  qcp: 'RIFF\xff\xff\xff\x7fQLCMfmt ',
  voc: 'Creative Voice File\x1a\x1a\0',
  xwma: 'RIFF\xff\xff\xff\x7fXWMAfmt ',
  dss: '\x02dss',
  nist: 'NIST_1A\n   1024\n',
  ape: 'MAC \x96\x0f\0\0',
  dsf: 'DSD \x1c\0\0\0\0\0\0\0',
  mpc: 'MP+\x07',
  mpc8: 'MPCKSH',
  oma: 'EA3\x01\0\x60',
  osq: 'OSQ ',
  pvf: 'PVF1\n1 16000 16\n',
  shn: 'ajkg\x02',
  sox: '.SoX',
  tak: 'tBaK',
  tta: 'TTA1\x01\0',
  vqf: 'TWIN97012000',
  wsd: '1bit',
  wavpack: 'wvpk\xff\xff\0\0\x10\x04',
  ircam: '\x64\xa3\x01\0',
  elf: '\x7fELF\x02\x01\x01',
  exe: 'MZ\x90\0',
  pdf: '%PDF-1.7\n',
  png: '\x89PNG\r\n\x1a\n',
  jpeg: '\xff\xd8\xff\xe0',
  gif: 'GIF89a',
  zip: 'PK\x03\x04',
  gzip: '\x1f\x8b\x08\0',
  xz: '\xfd7zXZ\0',
  sevenZip: '7z\xbc\xaf\x27\x1c',
  sqlite: 'SQLite format 3\0',
  swf: 'CWS\x09',
  java: '\xca\xfe\xba\xbe',
};
