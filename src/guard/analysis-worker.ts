/** A thread that analyses JavaScript files, one answer a file. It runs nothing of them. */
import { parentPort } from 'node:worker_threads';
import { analyzeFile } from '../behavior/analyze-file.ts';
import type { FileSummary } from '../behavior/file-summary.ts';

export interface AnalysisOrder {
  readonly id: number;
  readonly path: string;
  /** UTF-8. */
  readonly bytes: Uint8Array;
}

export interface AnalysisAnswer {
  readonly id: number;
  readonly summary: FileSummary;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

parentPort?.on('message', (orders: readonly AnalysisOrder[]) => {
  for (const { id, path, bytes } of orders) {
    const answer: AnalysisAnswer = { id, summary: analyzeFile(decoder.decode(bytes), path) };
    parentPort?.postMessage(answer);
  }
});
