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

/** Where the question appears: a modal dialog, which keeps the focus and gives it back. */
export function Confirmation() {
  const dialog = useRef<HTMLDialogElement>(null);
  const asked = question.value;
  useEffect(() => {
    if (asked !== undefined) dialog.current?.showModal();
  }, [asked]);
  if (asked === undefined) return null;
  const { title, text, verb, answer } = asked;
  const close = (isWanted: boolean): void => {
    // Before it is taken away: closing gives the focus back.
    dialog.current?.close();
    answer(isWanted);
  };
  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onCancel={() => answer(false)}>
      <h2 id="confirm-title">{title}</h2>
      <p>{text}</p>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={() => close(false)}>
          Keep it
        </button>
        <button type="button" class="button button-danger" onClick={() => close(true)}>
          {verb}
        </button>
      </div>
    </dialog>
  );
}
