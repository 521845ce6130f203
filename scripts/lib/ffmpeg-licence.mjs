import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.mjs';

/** What decides FFmpeg's licence, among the flags it was configured with. */
const LICENCE_FLAGS = ['--enable-gpl', '--enable-version3'];
const FORBIDDEN_FLAG = '--enable-nonfree';

export const ffmpegNotice = `## FFmpeg (inside node-av)

node-av itself is under the MIT licence. Its binary packages (\`@seydx/node-av-…\`) contain a static build of FFmpeg 8 in
Jellyfin's variant, configured with \`--enable-gpl --enable-version3\` and, among others, x264, x265, fdk-aac and
whisper.cpp: as a whole that build is under the **GNU General Public License, version 3 or later**, whatever the
package's description says, and parts of it (fdk-aac for one) have licences of their own. Sources: the projects FFmpeg
and jellyfin-ffmpeg, and node-av's repository.

This project's repository does not contain it: npm fetches it when the project is installed, and it runs in a process of
its own, driven by this project's code through node-av. Who passes on an installation (a container image, for example)
passes on that build too and must keep to the GPL for it; the licence's text is at <https://www.gnu.org/licenses/gpl-3.0.txt>.
\`npm run notices:check\` reads the flags in the installed binary and fails when they are no longer these.
`;

/** Throws when an installed FFmpeg build has other licence flags than the notice says. */
export function assertFfmpegFlags() {
  const folder = join(projectRoot, 'node_modules', '@seydx');
  const binaries = existsSync(folder)
    ? readdirSync(folder)
        .map((name) => join(folder, name, 'node-av.node'))
        .filter((path) => existsSync(path))
    : [];
  for (const path of binaries) {
    const flags = configureFlags(readFileSync(path));
    const missing = LICENCE_FLAGS.filter((flag) => !flags.includes(flag));
    if (missing.length > 0 || flags.includes(FORBIDDEN_FLAG)) {
      throw new Error(
        `The FFmpeg build in ${path} was configured with other licence flags than THIRD_PARTY_NOTICES.md says ` +
          `(missing: ${missing.join(' ') || 'none'}; ${FORBIDDEN_FLAG}: ${flags.includes(FORBIDDEN_FLAG)}). ` +
          'Read them, then correct scripts/lib/ffmpeg-licence.mjs.',
      );
    }
  }
}

/** FFmpeg keeps its configuration as one C string, which names `--enable-…` flags and its target system. */
function configureFlags(binary) {
  for (let at = binary.indexOf('--prefix='); at !== -1; at = binary.indexOf('--prefix=', at + 1)) {
    const start = binary.lastIndexOf(0, at) + 1;
    const words = binary.toString('latin1', start, binary.indexOf(0, at)).split(' ');
    // Other libraries inside (libvpx for one) keep theirs too; only FFmpeg's disables its own player.
    if (words.includes('--disable-ffplay')) return words;
  }
  return [];
}
