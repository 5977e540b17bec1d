/** The database's history, oldest first, nothing else. A migration that was released is never edited: a new one follows. */
import type { Migration } from '../src/store/migration.ts';
import { verdicts } from './0001-verdicts.ts';
import { service } from './0002-service.ts';
import { upkeep } from './0003-upkeep.ts';
import { behaviors } from './0004-behaviors.ts';
import { findings } from './0005-findings.ts';
import { releases } from './0006-releases.ts';
import { lockChecks } from './0007-lock-checks.ts';

export const migrations: readonly Migration[] = [verdicts, service, upkeep, behaviors, findings, releases, lockChecks];
