import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { announce } from '../ui/announce.js';
import { Icon } from '../ui/icon.js';
import { stage } from './staged.js';

/** Makes the whole window take files that are dropped on it, or pasted. */
export function DropTarget() {
  const isOver = useSignal(false);
  useEffect(() => {
    const show = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      isOver.value = true;
    };
    const hide = (event: DragEvent): void => {
      // Leaving an element for another one in the window is no leaving.
      if (event.relatedTarget === null) isOver.value = false;
    };
    const drop = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      isOver.value = false;
      takeIn(event.dataTransfer);
    };
    const paste = (event: ClipboardEvent): void => {
      if (event.clipboardData?.files.length) stage([...event.clipboardData.files]);
    };
    const listening = new AbortController();
    const { signal } = listening;
    addEventListener('dragenter', show, { signal });
    addEventListener('dragover', show, { signal });
    addEventListener('dragleave', hide, { signal });
    addEventListener('drop', drop, { signal });
    addEventListener('paste', paste, { signal });
    return () => listening.abort();
  }, [isOver]);
  return (
    <div class="drop-overlay" hidden={!isOver.value} aria-hidden="true">
      <Icon name="upload" />
      <p>Drop the recordings anywhere</p>
    </div>
  );
}

function takeIn(data: DataTransfer): void {
  const isFolder = (item: DataTransferItem) => item.webkitGetAsEntry?.()?.isDirectory === true;
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  const files = items.filter((item) => !isFolder(item)).flatMap((item) => item.getAsFile() ?? []);
  if (files.length < items.length) {
    announce('Folders cannot be dropped: drop the files in them.', 'error');
  }
  stage(files);
}
