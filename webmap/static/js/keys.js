/** What the keyboard does on the map: N and P step, Enter opens, Space takes in, Escape lets go. */

const STEPS = { n: 1, p: -1 };

/**
 * Listen to the keyboard.
 *
 * @param {HTMLElement} frame the map's
 * @param {{step: (steps: number) => void, open: () => void, toggle: () => void,
 *   leave: () => void}} acts
 */
export function listen(frame, { step, open, toggle, leave }) {
  frame.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || event.target !== frame) return;
    if (key.toLowerCase() in STEPS) step(STEPS[key.toLowerCase()]);
    if (key === "Enter") open();
    if (key !== " ") return;
    event.preventDefault();
    toggle();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") leave();
  });
}
