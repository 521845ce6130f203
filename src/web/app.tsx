import { useEffect } from 'preact/hooks';
import { keyNeed } from './api/api-key.js';
import { KeyForm } from './api/key-form.js';
import { isServerGone } from './api/server.js';
import { JobList } from './jobs/job-list.js';
import { jobOf } from './jobs/job-list-state.js';
import { JobView } from './jobs/job-view.js';
import { LiveView } from './live/live-view.js';
import { DropTarget } from './new/drop-target.js';
import { NewView } from './new/new-view.js';
import { route } from './route.js';
import { TopBar } from './top-bar.js';
import { Notices } from './ui/announce.js';
import { Confirmation } from './ui/confirm.js';

/** The whole page. */
export function App() {
  useTitle();
  const isLocked = keyNeed.value !== 'none';
  return (
    <>
      <TopBar />
      <Connection />
      <div class="layout">
        <main id="main" tabIndex={-1}>
          {isLocked ? <KeyForm /> : <Shown />}
        </main>
        {!isLocked && <JobList />}
      </div>
      {!isLocked && <DropTarget />}
      <Confirmation />
      <Notices />
    </>
  );
}

function Shown() {
  const shown = route.value;
  if (shown.page === 'job') return <JobView key={shown.id} id={shown.id} />;
  return shown.page === 'live' ? <LiveView /> : <NewView />;
}

/** Says that the server is gone, and that nothing need be done about it. */
function Connection() {
  return (
    <div class="connection" role="status">
      {isServerGone.value && (
        <p>
          The server does not answer. This page tries again by itself, and goes on where it was.
        </p>
      )}
    </div>
  );
}

function useTitle(): void {
  const shown = route.value;
  const title = shown.page === 'job' ? jobOf(shown.id)?.file_name : undefined;
  useEffect(() => {
    document.title = title === undefined ? 'whosaid' : `${title} · whosaid`;
  }, [title]);
}
