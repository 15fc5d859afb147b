/** Light or dark: the reader's own choice, kept in their browser, over what their system asks. */

(() => {
  const page = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try {
      return window.localStorage.getItem("theme");
    } catch {
      return null;
    }
  };
  const own = kept();
  if (["light", "dark"].includes(own)) page.dataset.theme = own;
  const isDark = () => (page.dataset.theme ? page.dataset.theme === "dark" : dark.matches);

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("#theme");
    // Pages of the open interface keep the choice, but offer none.
    if (!button) return;
    const tell = () => {
      button.setAttribute("aria-pressed", String(isDark()));
      document.dispatchEvent(new CustomEvent("theme"));
    };
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", () => {
      page.dataset.theme = isDark() ? "light" : "dark";
      try {
        window.localStorage.setItem("theme", page.dataset.theme);
      } catch {
        // Without storage the choice holds for this page.
      }
      tell();
    });
    dark.addEventListener("change", tell);
  });
})();
