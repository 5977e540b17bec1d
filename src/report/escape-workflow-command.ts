/** The way from foreign text into a workflow command (`::error file=a.json,line=3::message`), which a CI runner obeys. */
import { makeVisible } from './visible-text.ts';

/** What stands after the second `::`. */
export function escapeCommandMessage(text: string): string {
  return makeVisible(text).replaceAll('%', '%25');
}

/** A value between the command's name and the second `::`. */
export function escapeCommandProperty(text: string): string {
  return escapeCommandMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
