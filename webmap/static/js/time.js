/** When to do what can wait. */

/** @returns {Promise<void>} settled when what was drawn before is on the screen: a frame later */
export function painted() {
  return new Promise((resume) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resume()));
  });
}

/**
 * Call something when the browser has nothing else to do.
 *
 * @param {() => void} work
 */
export function atLeisure(work) {
  if (window.requestIdleCallback) window.requestIdleCallback(() => work(), { timeout: 500 });
  else setTimeout(work, 50);
}
