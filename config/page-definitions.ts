import { setting } from './setting.js';
import { parseSwitch, readWith } from './values.js';

/** Settings of the web page: docs/page.md is about it. */
export const pageSettings = {
  ENABLE_WEB_PAGE: setting(readWith(parseSwitch), {
    field: 'webPage',
    expected: 'true or false',
    shownDefault: 'true',
    fallback: true,
    text: 'Show a web page at `/` to browsers, to transcribe files and read transcripts; other clients get JSON there either way. See docs/page.md.',
  }),
};
