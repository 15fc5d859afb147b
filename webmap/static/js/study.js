/** The page that runs the study again follows the run, step by step, and says when it has ended. */

const EVERY_MS = 1000;
const run = document.querySelector("#run");
const told = document.querySelector("#told");
const rest = () => new Promise((resume) => setTimeout(resume, EVERY_MS));

/** How the run stands now; null where the server doesn't say. */
async function asked() {
  try {
    const answer = await fetch(`${location.pathname}?part=1`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return answer.ok ? page.querySelector("#run") : null;
  } catch {
    return null;
  }
}

/** Take in the steps and the time, and leave the button alone that may have the focus. */
function step(now) {
  for (const id of ["steps", "taken"]) {
    const [held, next] = [run, now].map((place) => place.querySelector(`#${id}`));
    if (held && next) held.replaceWith(next);
    else if (next) run.querySelector("form").before(next);
  }
  const last = run.querySelector("#steps li:last-child")?.textContent ?? "";
  if (told.textContent !== last) told.textContent = last;
}

function end(now) {
  const within = run.contains(document.activeElement);
  run.dataset.state = now.dataset.state;
  run.replaceChildren(...now.children);
  const head = run.querySelector("h2");
  document.title = document.title.replace(/^[^:]*/, head.textContent);
  told.textContent = head.textContent;
  if (within) head.focus();
}

while (run.dataset.state === "running") {
  await rest();
  const now = await asked();
  if (!now) {
    told.classList.remove("told");
    told.textContent = told.dataset.lost;
    break;
  }
  if (now.dataset.state === "running") step(now);
  else end(now);
}
