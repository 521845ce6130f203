/** Fields that ask for speaker labels by being there. */
const SPEAKER_FIELDS = [
  'known_speaker_names',
  'known_speaker_references',
  'num_speakers',
  'min_speakers',
  'max_speakers',
];

/**
 * The name of a field that asks for speaker labels; undefined if none does. Some clients of OpenAI send what their SDK
 * does not know inside `extra_body`. Labels that were asked for must never be left out silently, hence the search.
 */
export function findSpeakerField(fields: Readonly<Record<string, unknown>>): string | undefined {
  const extra = fields.extra_body;
  const places = [fields, ...(typeof extra === 'object' && extra !== null ? [extra] : [])];
  for (const place of places as Record<string, unknown>[]) {
    if (isTrue(place.diarize)) return 'diarize';
    const found = SPEAKER_FIELDS.find((name) => isPresent(place[name]));
    if (found !== undefined) return found;
  }
  return undefined;
}

function isTrue(value: unknown): boolean {
  return (
    typeof value === 'string' && ['true', '1', 'yes', 'on'].includes(value.trim().toLowerCase())
  );
}

function isPresent(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isPresent);
  return value !== undefined && value !== '';
}
