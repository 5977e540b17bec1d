/** The real pairs that the benches compare: three large packages, and nine as most packages are. Contents come from the registry. */

export interface BenchPair {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export const benchPairs: readonly BenchPair[] = [
  { name: 'webpack', from: '5.90.0', to: '5.91.0' },
  { name: 'prettier', from: '3.2.5', to: '3.3.3' },
  { name: 'three', from: '0.160.0', to: '0.161.0' },
  { name: 'rxjs', from: '7.5.6', to: '7.8.1' },
  { name: 'react-dom', from: '18.2.0', to: '18.3.1' },
  { name: 'axios', from: '1.6.8', to: '1.7.2' },
  { name: 'glob', from: '10.3.10', to: '10.4.5' },
  { name: 'express', from: '4.18.2', to: '4.19.2' },
  { name: 'commander', from: '11.1.0', to: '12.0.0' },
  { name: 'ws', from: '7.5.10', to: '8.21.1' },
  { name: 'debug', from: '4.3.4', to: '4.4.3' },
  { name: 'chalk', from: '5.0.1', to: '5.3.0' },
];

/** Small and quick: what start-up costs shows best on it. */
export const smallPair: BenchPair = { name: 'chalk', from: '5.0.1', to: '5.3.0' };
