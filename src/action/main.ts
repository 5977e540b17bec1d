/** The entry of the bundle. It is one file, so a thread that analyses code starts here too. */
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const { runAction } = await import('./run-action.ts');
  process.exitCode = await runAction();
} else {
  await import('../guard/analysis-worker.ts');
}
