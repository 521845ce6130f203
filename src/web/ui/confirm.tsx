import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

type Question = {
  readonly title: string;
  readonly text: string;
  /** Words of the button that does it. */
  readonly verb: string;
  readonly answer: (isWanted: boolean) => void;
};

const question = signal<Question | undefined>(undefined);

/** Asks before something is done that cannot be undone. Resolves with whether it is wanted. */
export function confirm(about: Omit<Question, 'answer'>): Promise<boolean> {
  return new Promise((resolve) => {
    question.value = {
      ...about,
      answer(isWanted) {
        question.value = undefined;
        resolve(isWanted);
      },
    };
  });
}

/** Where the question appears: a modal dialog, which keeps the focus and gives it back when it closes. */
export function Confirmation() {
  const dialog = useRef<HTMLDialogElement>(null);
  const asked = question.value;
  useEffect(() => {
    if (asked !== undefined) dialog.current?.showModal();
  }, [asked]);
  const close = (answer: string) => () => dialog.current?.close(answer);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="confirm-title"
      // However it was closed: the Escape key leaves no answer behind.
      onClose={({ currentTarget }) => {
        asked?.answer(currentTarget.returnValue === 'yes');
        currentTarget.returnValue = '';
      }}
    >
      <h2 id="confirm-title">{asked?.title}</h2>
      <p>{asked?.text}</p>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={close('no')}>
          Keep it
        </button>
        <button type="button" class="button button-danger" onClick={close('yes')}>
          {asked?.verb}
        </button>
      </div>
    </dialog>
  );
}
