import { type Block, blockOfWord } from './blocks.js';

/** The word that a key goes to from this one; undefined for keys that go nowhere. */
export function moveCursor(
  { key, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  { blocks, word, last }: { blocks: readonly Block[]; word: number; last: number },
): number | undefined {
  if (altKey) return undefined;
  const at = blockOfWord(blocks, word);
  const toBlock = (index: number) => blocks[Math.min(Math.max(0, index), blocks.length - 1)]?.first;
  if (ctrlKey || metaKey) {
    if (key === 'Home') return 0;
    return key === 'End' ? last : undefined;
  }
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, word - 1);
    case 'ArrowRight':
      return Math.min(last, word + 1);
    case 'ArrowUp':
      // From the middle of a paragraph to its beginning first, as in a text.
      return word > (blocks[at]?.first ?? 0) ? toBlock(at) : toBlock(at - 1);
    case 'ArrowDown':
      return toBlock(at + 1);
    case 'Home':
      return toBlock(at);
    case 'End':
      return at + 1 < blocks.length ? (toBlock(at + 1) ?? 1) - 1 : last;
    default:
      return undefined;
  }
}
