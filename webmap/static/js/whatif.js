/** Asking the server what a plan would do. */

const WAIT_MS = 700;

/**
 * Make what asks for a plan's figures and words.
 *
 * @param {string} language
 * @param {() => void} waiting called while the server gets its streets ready
 */
export function evaluator(language, waiting, get = fetch) {
  return async ({ name, edits }, signal) => {
    for (;;) {
      const answer = await get(`/api/whatif?words=${language}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ name, edit: edits }),
        signal,
      });
      const told = await answer.json();
      if (answer.ok) return told;
      if (answer.status !== 503) throw new Error(told.detail);
      waiting();
      await new Promise((resume) => setTimeout(resume, WAIT_MS));
      signal.throwIfAborted();
    }
  };
}
