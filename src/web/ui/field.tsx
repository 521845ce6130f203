import type { ComponentChild } from 'preact';
import { useId } from 'preact/hooks';

/** What joins a control to its label and its hint. */
export type FieldAttributes = { readonly id: string; readonly 'aria-describedby'?: string };

/** A control with its label above and what helps to fill it in below. */
export function Field(props: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly isWide?: boolean;
  readonly children: (attributes: FieldAttributes) => ComponentChild;
}) {
  const { label, hint, isWide = false, children } = props;
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div class={isWide ? 'field field-wide' : 'field'}>
      <label for={id}>{label}</label>
      {children({ id, ...(hint !== undefined && { 'aria-describedby': hintId }) })}
      {hint !== undefined && (
        <small id={hintId} class="hint">
          {hint}
        </small>
      )}
    </div>
  );
}
