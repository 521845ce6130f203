import type { Canary } from './canary.js';
import type { Recipes } from './recipes.js';

/** Lists, scripts and manifests: text that names something else to open. */
export function playlists(canary: Canary): Recipes {
  const recipes: Record<string, () => Buffer> = {};
  for (const target of targetsOf(canary)) {
    recipes[`m3u8 of ${target}`] = () => Buffer.from(m3u8(target));
    recipes[`ffconcat of ${target}`] = () =>
      Buffer.from(`ffconcat version 1.0\nfile '${target}'\n`);
  }
  const file = `file://${canary.path}`;
  for (const target of [file, `http://127.0.0.1:${canary.port}/canary.wav`]) {
    for (const [kind, write] of Object.entries(kinds)) {
      recipes[`${kind} of ${scheme(target)}`] = () => Buffer.from(write(target));
    }
  }
  recipes['m3u8 of itself'] = () => Buffer.from(m3u8('upload.m3u8'));
  recipes['m3u8 of ten thousand files'] = () =>
    Buffer.from(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n${`#EXTINF:1,\n${file}\n`.repeat(10_000)}`);
  return recipes;
}

export function m3u8(target: string): string {
  return `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:9,\n${target}\n#EXT-X-ENDLIST\n`;
}

/** How an address or a path is opened: what stands in front of the first colon. */
export function scheme(target: string): string {
  return /^[a-z+]+(?=[:,])/.exec(target)?.[0] ?? 'a path';
}

/** A path and an address in every way FFmpeg can be told one. */
function targetsOf({ path, port }: Canary): string[] {
  const host = `127.0.0.1:${port}`;
  const schemes =
    'http https tcp udp rtp rtsp rtmp ftp gopher mmsh tls srtp icecast hls+http async:http cache:http';
  return [
    path,
    `file:${path}`,
    `file://${path}`,
    `concat:${path}|${path}`,
    `concatf:${path}`,
    `subfile:,,start,0,end,0,,:${path}`,
    `crypto:${path}`,
    `crypto+file:${path}`,
    `async:${path}`,
    `cache:${path}`,
    `unix:${path}`,
    `../../../../../../../..${path}`,
    'fd:0',
    'pipe:0',
    'data:audio/wav;base64,UklGRg==',
    `subfile,,start,0,end,0,,:http://${host}/canary.wav`,
    ...schemes.split(' ').map((each) => `${each}://${host}/canary.wav`),
  ];
}

const kinds: Readonly<Record<string, (target: string) => string>> = {
  'm3u8 with variants': (to) => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${to}\n`,
  'm3u8 with a key': (to) =>
    m3u8(to).replace('#EXTINF', `#EXT-X-KEY:METHOD=AES-128,URI="${to}"\n#EXTINF`),
  'm3u8 with a map': (to) => m3u8(to).replace('#EXTINF', `#EXT-X-MAP:URI="${to}"\n#EXTINF`),
  m3u: (to) => `#EXTM3U\n#EXTINF:9,x\n${to}\n`,
  pls: (to) => `[playlist]\nFile1=${to}\nNumberOfEntries=1\nVersion=2\n`,
  asx: (to) => `<asx version="3.0"><entry><ref href="${to}"/></entry></asx>`,
  'asf references': (to) => `[Reference]\r\nRef1=${to}\r\nRef2=${to}\r\n`,
  smil: (to) => `<smil><body><audio src="${to}"/></body></smil>`,
  xspf: (to) =>
    `<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track><location>${to}</location></track></trackList></playlist>`,
  cue: (to) => `FILE "${to}" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n`,
  mpd: (to) =>
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" type="static" mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>${to}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
  'mpd elsewhere': (to) =>
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" xmlns:xlink="http://www.w3.org/1999/xlink" type="static"><Period xlink:href="${to}" xlink:actuate="onLoad"/></MPD>`,
  imf: (to) =>
    `<?xml version="1.0"?><AssetMap xmlns="http://www.smpte-ra.org/schemas/429-9/2007/AM"><AssetList><Asset><ChunkList><Chunk><Path>${to}</Path></Chunk></ChunkList></Asset></AssetList></AssetMap>`,
  sdp: (to) =>
    `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\na=control:${to}\nm=audio 5004 RTP/AVP 0\n`,
  ram: (to) => `${to}\n`,
  'quicktime text': (to) => `RTSPtext\n${to}\n`,
  'quicktime link': (to) =>
    `<?quicktime type="application/x-quicktime-media-link"?><embed src="${to}"/>`,
  'internet shortcut': (to) => `[InternetShortcut]\nURL=${to}\n`,
  'XML entity': (to) =>
    `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "${to}">]><MPD>&y;</MPD>`,
  'avisynth script': (to) => `DirectShowSource("${to}")\n`,
  'vapoursynth script': (to) => `open("${to}").read()\n`,
  'filter graph': (to) => `amovie=${to}\n`,
  metadata: (to) => `;FFMETADATA1\ntitle=${to}\n`,
};
