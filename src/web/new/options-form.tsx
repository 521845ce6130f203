import type { ResponseFormat } from '#utils/formats/index.js';
import { languageCodes, languageName } from '#utils/languages/languages.js';
import { modelOf, models } from '../api/server.js';
import type { AboutModel } from '../api/types.js';
import { Field } from '../ui/field.js';
import { FORMAT_LABELS, rememberFormat, USUAL_FORMATS, usualFormat } from '../ui/usual-format.js';
import { capitalised, counted } from '../ui/words.js';
import { KnownPeople } from './known-people.js';
import { changeOptions, MOST_SPEAKERS, type Options, options } from './options.js';

/** How recordings are to be transcribed. What the chosen model cannot do is not offered. */
export function OptionsForm() {
  const model = modelOf(options.value.model);
  return (
    <fieldset class="options">
      <legend>How to transcribe</legend>
      <div class="option-grid">
        <ModelField model={model} />
        <LanguageField model={model} />
        {model?.capabilities.speakers !== false && <SpeakersField />}
      </div>
      {options.value.speakers === 'known' && model?.capabilities.speakers !== false && (
        <KnownPeople />
      )}
      <details class="more-options">
        <summary>More options</summary>
        <div class="option-grid">
          {model?.capabilities.translation && <TranslationField />}
          <EnhanceField model={model} />
          <FormatField />
          {model?.capabilities.prompt && (
            <TextField
              name="prompt"
              label="What it is about"
              hint="Text that the recording could go on from: names and terms that are spelled in it are recognised better."
            />
          )}
          <TextField
            name="keywords"
            label="Names and terms"
            hint={
              model?.capabilities.keywords
                ? 'Separated by commas. The model listens for them.'
                : 'Separated by commas. Near misses of them are put right.'
            }
          />
        </div>
      </details>
    </fieldset>
  );
}

/** Every transcript can be had in every format; this is the one that is offered first. */
function FormatField() {
  return (
    <Field label="Copy and download as">
      {(field) => (
        <select
          {...field}
          value={usualFormat()}
          onChange={(event) => rememberFormat(event.currentTarget.value as ResponseFormat)}
        >
          {USUAL_FORMATS.map((each) => (
            <option key={each} value={each}>
              {FORMAT_LABELS[each]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

type ModelProps = { readonly model: AboutModel | undefined };

function ModelField({ model }: ModelProps) {
  const known = models.value ?? [];
  return (
    <Field label="Model" hint={model && aboutInWords(model)}>
      {(field) => (
        <select
          {...field}
          value={model?.model ?? ''}
          onChange={(event) => changeOptions({ model: event.currentTarget.value })}
        >
          {known.map(({ model: id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function aboutInWords({ languages, capabilities }: AboutModel): string {
  const [only] = languages;
  const known =
    languages.length === 1 && only !== undefined
      ? capitalised(languageName(only))
      : counted(languages.length, 'language');
  return capabilities.translation ? `${known}; translates into English` : known;
}

function LanguageField({ model }: ModelProps) {
  const codes = languageCodes.filter((code) => model?.languages.includes(code) ?? true);
  const names = codes
    .map((code) => ({ code, name: capitalised(languageName(code)) }))
    .sort((one, other) => one.name.localeCompare(other.name));
  const isKnown = model?.languages.includes(options.value.language) ?? false;
  const canDetect = model?.capabilities.language_detection ?? true;
  const isOnly = names.length === 1;
  return (
    <Field label="Language">
      {(field) => (
        <select
          {...field}
          value={isOnly ? names[0]?.code : isKnown ? options.value.language : ''}
          onChange={(event) => changeOptions({ language: event.currentTarget.value })}
        >
          {!isOnly && <option value="">{canDetect ? 'Find out' : 'As the server decides'}</option>}
          {names.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

const SPEAKER_CHOICES: readonly (readonly [Options['speakers'], string])[] = [
  ['detect', 'Find out who speaks when'],
  ['number', 'I know how many there are'],
  ['known', 'I know some of the voices'],
  ['none', 'Do not tell them apart'],
];

function SpeakersField() {
  const { speakers, speakerCount } = options.value;
  return (
    <>
      <Field label="Speakers">
        {(field) => (
          <select
            {...field}
            value={speakers}
            onChange={(event) =>
              changeOptions({ speakers: event.currentTarget.value as Options['speakers'] })
            }
          >
            {SPEAKER_CHOICES.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        )}
      </Field>
      {speakers === 'number' && (
        <Field label="How many">
          {(field) => (
            <input
              {...field}
              type="number"
              min={1}
              max={MOST_SPEAKERS}
              value={speakerCount}
              onInput={(event) =>
                changeOptions({ speakerCount: event.currentTarget.valueAsNumber || 0 })
              }
            />
          )}
        </Field>
      )}
    </>
  );
}

function TranslationField() {
  return (
    <label class="check-field">
      <input
        type="checkbox"
        checked={options.value.isTranslation}
        onChange={(event) => changeOptions({ isTranslation: event.currentTarget.checked })}
      />
      Translate into English
    </label>
  );
}

const ENHANCEMENTS: Readonly<Record<string, string>> = {
  denoise: 'Take noise away',
  vocals: 'Take music away',
};

/** Only where the server has a model for it. */
function EnhanceField({ model }: ModelProps) {
  const kinds = model?.capabilities.enhance ?? [];
  if (kinds.length === 0) return null;
  return (
    <Field label="Sound">
      {(field) => (
        <select
          {...field}
          value={options.value.enhance}
          onChange={(event) => changeOptions({ enhance: event.currentTarget.value })}
        >
          <option value="">As it is</option>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {ENHANCEMENTS[kind] ?? kind}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function TextField(props: {
  readonly name: 'prompt' | 'keywords';
  readonly label: string;
  readonly hint: string;
}) {
  const { name, label, hint } = props;
  return (
    <Field label={label} hint={hint} isWide>
      {(field) => (
        <textarea
          {...field}
          rows={2}
          value={options.value[name]}
          onInput={(event) => changeOptions({ [name]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}
