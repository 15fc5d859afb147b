/** What the keyboard does on the map: N and P step, Space takes in, Escape lets go. */

const STEPS = { n: 1, p: -1 };

/**
 * Listen to the keyboard.
 *
 * @param {HTMLElement} frame the map's
 * @param {{step: (steps: number) => void, toggle: () => void, leave: () => void}} acts
 */
export function listen(frame, { step, toggle, leave }) {
  frame.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || event.target !== frame) return;
    if (key.toLowerCase() in STEPS) step(STEPS[key.toLowerCase()]);
    if (key !== " ") return;
    event.preventDefault();
    toggle();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") leave();
  });
}
