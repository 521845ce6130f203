import { openJobDatabase } from '#services/jobs/store/job-database.js';
import { silentLogger } from '#utils/logging/logger.js';

/** A server that has a file of jobs, until somebody ends it. Its argument is the file. */
const path = process.argv[2] ?? '';
const jobs = openJobDatabase({ path, logger: silentLogger });
process.send?.('opened');
setInterval(() => jobs.counts(), 1000);
