import type { Command } from 'commander';
import type { Settings } from '#config/settings.js';
import { UsageError } from './report-failure.js';
import { say } from './say.js';
import { voiceName } from './speaker-names.js';
import type { VoiceStore } from './voice-store.js';

/** Reads the settings and opens the store; called only when one of the commands runs. */
export type OpenVoices = () => Promise<{
  readonly settings: Settings;
  readonly store: VoiceStore;
}>;

/**
 * `voices add | list | remove`: voices of known people, for `transcribe --known`. Failures are thrown for the program to
 * report, except that Ctrl-C in `add` sets the exit code 130.
 */
export function registerVoicesCommand(program: Command, open: OpenVoices): void {
  const voices = program
    .command('voices')
    .description('store the voices of people, to have them named in transcripts')
    .addHelpText(
      'after',
      `
Voices are kept in DATA_DIR/voices, where only you can read them.

Examples:
  whosaid voices add alice alice.m4a
  whosaid transcribe meeting.mp3 --known alice --known bob=bob.wav`,
    );
  voices
    .command('add')
    .description('check a recording of one person and store it')
    .argument('<name>', 'who it is')
    .argument('<file>', '1.2 to 10 seconds of them alone, in any format that FFmpeg reads')
    .option('--replace', 'put it in the place of a voice of that name')
    .action(async (text: string, file: string, { replace = false }: { replace?: boolean }) => {
      const name = voiceName(text);
      const { settings, store } = await open();
      if (!replace && (await store.find(name)) !== undefined)
        throw new UsageError(
          `A voice of ${JSON.stringify(name)} is stored already. Add --replace to put this one in its place.`,
        );
      const { addVoice } = await import('./add-voice.js');
      process.exitCode = await addVoice({ name, file, settings, store });
    });
  voices
    .command('list')
    .description('who is stored')
    .action(async () => {
      const voices = await (await open()).store.list();
      if (voices.length === 0)
        say("No voice is stored yet; './bin/whosaid voices add' stores one.");
      for (const { name, addedAt } of voices)
        print(`${name}  (since ${addedAt.toISOString().slice(0, 10)})`);
    });
  voices
    .command('remove')
    .description('forget a voice')
    .argument('<name>', 'who it is')
    .action(async (name: string) => {
      print(`Removed: ${await (await open()).store.remove(name)}`);
    });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
