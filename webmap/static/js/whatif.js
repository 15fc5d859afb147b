/** Asking the server what a plan would do. */

import { load } from "./features.js";

const WAIT_MS = 700;

/**
 * Make what asks for a plan's figures and words.
 *
 * @param {string} language
 * @param {() => void} waiting called while the server gets its streets ready
 */
export function evaluator(language, waiting, get = fetch) {
  let ready = false;
  return async ({ name, edits }, signal) => {
    while (!ready) {
      ({ ready } = await load("/api/whatif/ready", (url) => get(url, { signal })));
      if (ready) break;
      waiting();
      await new Promise((resume) => setTimeout(resume, WAIT_MS));
      signal.throwIfAborted();
    }
    return load(`/api/whatif?words=${language}`, (url) =>
      get(url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ name, edit: edits }),
        signal,
      }),
    );
  };
}
