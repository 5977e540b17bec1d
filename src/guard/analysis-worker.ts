/** A thread that analyses JavaScript files, one answer a file. It runs nothing of them. */
import { parentPort } from 'node:worker_threads';
import { analyzeFile } from '../behavior/analyze-file.ts';
import type { KnownModules } from '../behavior/graph/known-modules.ts';
import type { FileSummary } from '../behavior/summary/file-summary.ts';

export interface AnalysisOrder {
  readonly id: number;
  readonly path: string;
  /** UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly modules: KnownModules['modules'] | undefined;
}

export interface AnalysisAnswer {
  readonly id: number;
  readonly summary: FileSummary;
  /** Milliseconds of the processor's time that this thread has had. */
  readonly cpu: number;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

parentPort?.on('message', (orders: readonly AnalysisOrder[]) => {
  for (const { id, path, bytes, modules } of orders) {
    const summary = analyzeFile(decoder.decode(bytes), path, modules);
    const { user, system } = process.threadCpuUsage();
    parentPort?.postMessage({ id, summary, cpu: (user + system) / 1000 } satisfies AnalysisAnswer);
  }
});
