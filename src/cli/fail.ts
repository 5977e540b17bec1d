/** Whatever went wrong, as a sentence on stderr and an exit status. Nobody but a developer sees a stack trace. */
import { GuardError } from '../errors.ts';
import { say } from './terminal.ts';
import { readOwnVersion } from './version.ts';

export function fail(error: unknown): 2 | 3 | 70 {
  if (error instanceof GuardError) {
    say(`sluice: ${error.message}\n${error.hint}`);
    showStack(error);
    return error.exit;
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  say(`sluice: this is a bug in Sluice: ${what}`);
  say(`Please report it, with the command that you ran, sluice ${readOwnVersion()} and Node ${process.versions.node}.`);
  if (!isDebugging()) say('SLUICE_DEBUG=1 before the command shows where it happened; that helps most.');
  showStack(error);
  return 70;
}

function showStack(error: unknown): void {
  if (!isDebugging() || !(error instanceof Error)) return;
  say(error.stack ?? 'no stack');
  if (error.cause !== undefined) showStack(error.cause);
}

function isDebugging(): boolean {
  const value = process.env['SLUICE_DEBUG'];
  return value !== undefined && value !== '' && value !== '0';
}
