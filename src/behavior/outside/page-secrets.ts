/** Names of a page's own objects by which it knows its user, and of what somebody types into it. */

/** What a page keeps of its user. */
export const pageSecrets: RegExp =
  /^(?:document\.cookie|localStorage(?:$|[.(])|sessionStorage(?:$|[.(])|ethereum(?:$|[.(]))/;

/** What somebody fills in there. */
export const pageFields: RegExp =
  /^(?:document\.(?:querySelector(?:All)?|getElementsBy\w+|forms)(?:$|[.(])|FormData(?:$|\(\)))/;

/** What tells of the whole page what somebody does there. */
export const pageListeners: RegExp = /^(?:document\.(?:body\.|documentElement\.)?)?addEventListener$/;

/** What somebody types, pastes or sends, and what other pages say to this one. */
export const tellingEvents: ReadonlySet<string> = new Set(
  'message keydown keyup keypress input beforeinput change submit paste copy fetch'.split(' '),
);
