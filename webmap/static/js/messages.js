/** Every word that the scripts say: from the server's own catalogue (webmap/messages/). */

const { FluentBundle, FluentResource } = globalThis.FluentBundle;
let bundle = null;
let study = {};

/**
 * Take up a language.
 *
 * @param {string} tag such as `cy`
 * @param {string} catalogue messages as Fluent writes them
 * @param {Object<string, string | number>} words what the study calls its people, service and so on
 */
export function start(tag, catalogue, words) {
  bundle = new FluentBundle(tag, { useIsolating: false });
  bundle.addResource(new FluentResource(catalogue));
  study = words;
}

/**
 * Return a message.
 *
 * @param {string} key
 * @param {Object<string, string | number>} values
 * @returns {string}
 */
export function say(key, values = {}) {
  const faults = [];
  const message = bundle.getMessage(key);
  if (!message) throw new Error(`no message ${key}`);
  const text = bundle.formatPattern(message.value, { ...study, ...values }, faults);
  if (faults.length) throw faults[0];
  return text;
}
