/** Ways in which a piece of code at the top of a file comes to run. */

export type DeliveryId = 'top' | 'function' | 'arrow' | 'named' | 'async' | 'try' | 'promise' | 'timer';

type Deliver = (code: string) => string;

export const deliveries: Readonly<Record<DeliveryId, Deliver>> = {
  top: (code) => code,
  function: (code) => `(function () {\n${code}\n})();`,
  arrow: (code) => `(() => {\n${code}\n})();`,
  named: (code) => `function prepare() {\n${code}\n}\nprepare();`,
  async: (code) => `(async () => {\n${code}\n})();`,
  try: (code) => `try {\n${code}\n} catch {}`,
  promise: (code) => `Promise.resolve().then(() => {\n${code}\n});`,
  timer: (code) => `setTimeout(() => {\n${code}\n}, 2500);`,
};

export const allDeliveries: readonly [DeliveryId, ...DeliveryId[]] = [
  'top', 'function', 'arrow', 'named', 'async', 'try', 'promise', 'timer',
]; // biome-ignore format: a list of names
