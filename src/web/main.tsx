import './styles/index.css';
import { render } from 'preact';
import { App } from './app.js';
import { followJobs } from './jobs/follow-jobs.js';
import { isUploading } from './new/upload-queue.js';

addEventListener('beforeunload', (event) => {
  // What is on its way has no job yet, and would be lost.
  if (isUploading.value) event.preventDefault();
});
followJobs();
render(<App />, document.body);
