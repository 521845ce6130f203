import { Command } from 'commander';
import { projectVersion } from '#config/root.js';
import type { Catalogue } from '#services/model-manager/catalogue.js';
import type { ModelStore } from '#services/model-manager/store.js';
import { silentLogger } from '#utils/logging/logger.js';
import { type GetSettings, registerDataCommand } from './data-command.js';
import { registerKeysCommand } from './keys-command.js';
import { registerModelsCommand } from './models-command.js';
import { registerTranscribe } from './transcribe-command.js';
import { type OpenVoices, registerVoicesCommand } from './voices-command.js';
import { registerWorkerCommand } from './worker-command.js';

/** The command line. What a command needs is loaded when it runs, so that `--help` is quick. */
export function createProgram(): Command {
  const program = new Command('whosaid')
    .description('An OpenAI-compatible transcription gateway on your own machine.')
    .version(projectVersion)
    .showHelpAfterError('(whosaid --help shows how it is used)')
    .addHelpText(
      'after',
      `
Examples:
  whosaid serve --port 9000
  whosaid transcribe meeting.mp3
  whosaid transcribe meeting.mp3 --format vtt --diarize
  whosaid transcribe *.m4a --format srt,text --output-dir out
  whosaid voices add alice alice.wav
  whosaid models list
  whosaid models pull
  whosaid keys new alice
  whosaid data backup jobs-backup.sqlite

Settings come from the environment and from .env; docs/settings.md lists them.`,
    );
  program
    .command('serve')
    .description('serve the API until Ctrl-C')
    .option('--host <address>', 'address to listen on (HOST)')
    .option('--port <number>', 'port to listen on (PORT)')
    .option('--model <id>', 'model for requests that name an OpenAI model (MODEL)')
    .action(async ({ host, port, model }: { host?: string; port?: string; model?: string }) => {
      const { main } = await import('../main.js');
      await main({ overrides: { HOST: host, PORT: port, MODEL: model } });
    });
  registerTranscribe(program);
  registerVoicesCommand(program, openVoices);
  registerModelsCommand(program, openCatalogue);
  registerKeysCommand(program);
  registerWorkerCommand(program);
  registerDataCommand(program, getSettings);
  return program;
}

async function openCatalogue(): Promise<{ store: ModelStore; catalogue: Catalogue }> {
  const [{ loadSettings }, { openModels }] = await Promise.all([
    import('#config/settings.js'),
    import('../runtime.js'),
  ]);
  return openModels({ settings: loadSettings(), logger: silentLogger });
}

const getSettings: GetSettings = async () => {
  const { loadSettings } = await import('#config/settings.js');
  return loadSettings();
};

const openVoices: OpenVoices = async () => {
  const [{ loadSettings }, { createVoiceStore }] = await Promise.all([
    import('#config/settings.js'),
    import('./voice-store.js'),
  ]);
  const settings = loadSettings();
  return { settings, store: createVoiceStore(settings.dataDir) };
};
