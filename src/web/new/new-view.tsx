import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { maxUploadBytes } from '../api/server.js';
import { goTo, jobLink } from '../route.js';
import { Heading } from '../ui/heading.js';
import { Icon } from '../ui/icon.js';
import { counted, sizeInWords } from '../ui/words.js';
import { fieldsOf, problemOfOptions } from './options.js';
import { OptionsForm } from './options-form.js';
import { Recorder } from './recorder.js';
import { checked, sendable, stage, unstage } from './staged.js';
import { addUploads } from './upload-queue.js';

/** Where recordings are picked or made, and sent. */
export function NewView() {
  return (
    <form
      class="new-view"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <Heading>New transcription</Heading>
      <Pick />
      <StagedList />
      <OptionsForm />
      <Send />
    </form>
  );
}

function Pick() {
  const limit = maxUploadBytes.value;
  return (
    <div class="pick">
      <Icon name="upload" />
      <p class="pick-title">Drop recordings anywhere on this page</p>
      <p class="hint">
        Audio or video, from a second to a day long
        {limit !== undefined && `, up to ${sizeInWords(limit)} each`}. They stay on this server.
      </p>
      <div class="pick-buttons">
        <label class="button button-primary file-button">
          <Icon name="file" />
          Choose files
          <input
            type="file"
            multiple
            class="visually-hidden"
            onChange={(event) => {
              stage([...(event.currentTarget.files ?? [])]);
              // The same file may be picked again.
              event.currentTarget.value = '';
            }}
          />
        </label>
        <Recorder label="Record" nameOf={recordingName} onDone={(file) => stage([file])} />
      </div>
    </div>
  );
}

function StagedList() {
  if (checked.value.length === 0) return null;
  return (
    <section aria-label="Files to transcribe">
      <ul class="plain-list staged">
        {checked.value.map(({ id, file, problem }) => (
          <li key={id} class={problem === undefined ? 'staged-file' : 'staged-file staged-bad'}>
            <Icon name={problem === undefined ? 'file' : 'alert'} />
            <span class="staged-name">{file.name}</span>
            <span class="hint">{sizeInWords(file.size)}</span>
            <button type="button" class="button-icon" onClick={() => unstage([id])}>
              <Icon name="close" label={`Leave ${file.name} out`} />
            </button>
            {problem !== undefined && <p class="problem">{problem}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The button that sends, and what keeps it from doing so. */
function Send() {
  const isBusy = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const button = useRef<HTMLButtonElement>(null);
  const count = sendable.value.length;
  // Who has picked a file finds the next step under the Enter key.
  useEffect(() => {
    if (count > 0) button.current?.focus();
  }, [count]);
  const send = async (): Promise<void> => {
    problem.value = problemOfOptions();
    if (problem.value !== undefined) return;
    isBusy.value = true;
    try {
      await sendStaged();
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <div class="send">
      <button
        ref={button}
        type="button"
        class="button button-primary button-large"
        disabled={count === 0 || isBusy.value}
        onClick={send}
      >
        {count > 1 ? `Transcribe ${counted(count, 'file')}` : 'Transcribe'}
      </button>
      <p class="problem" role="alert">
        {problem.value}
      </p>
    </div>
  );
}

async function sendStaged(): Promise<void> {
  const fields = await fieldsOf();
  const files = sendable.value;
  unstage(files.map(({ id }) => id));
  const made = addUploads(files.map(({ file }) => ({ file, name: file.name, fields })));
  if (made.length > 1) return;
  // A single one is shown as soon as it is a job, unless something else is being looked at by then.
  const job = await made[0];
  if (job && location.hash.length < 3 && checked.value.length === 0) goTo(jobLink(job.id));
}

function recordingName(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `Recording ${day} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
}
