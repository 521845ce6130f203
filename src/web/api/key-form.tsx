import { useSignal } from '@preact/signals';
import { Heading } from '../ui/heading.js';
import { Icon } from '../ui/icon.js';
import { apiKey, keyNeed } from './api-key.js';

/** Asks for the key of a server that wants one. */
export function KeyForm() {
  const typed = useSignal('');
  return (
    <form
      class="box key-form"
      onSubmit={(event) => {
        event.preventDefault();
        apiKey.value = typed.value.trim();
      }}
    >
      <Heading>This server wants a key</Heading>
      <p>
        Whoever runs it can give you one. It is kept in this tab until you close it, and sent to
        this server alone.
      </p>
      <label class="field">
        <span>API key</span>
        <input
          type="password"
          required
          autocomplete="off"
          spellcheck={false}
          value={typed.value}
          aria-invalid={keyNeed.value === 'wrong'}
          aria-describedby="key-problem"
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
      </label>
      <p id="key-problem" class="problem" role="alert">
        {keyNeed.value === 'wrong' &&
          'The server does not know this key. Check that it is complete, or ask for another one.'}
      </p>
      <button type="submit" class="button button-primary">
        <Icon name="key" />
        Use this key
      </button>
    </form>
  );
}
