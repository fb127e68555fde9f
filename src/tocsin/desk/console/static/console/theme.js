// Day, night, or as the machine says. A plain script, not a module: it must run before the first
// paint, or a dark room sees a white flash.
(() => {
  const KEY = "tocsin-theme";
  const NEXT = { auto: "dark", dark: "light", light: "auto" };
  const NAMES = { auto: "Light: auto", dark: "Light: night", light: "Light: day" };
  const kept = () => {
    try {
      return localStorage.getItem(KEY) || "auto";
    } catch {
      return "auto"; // storage is barred: the machine's own choice holds
    }
  };
  let theme = kept();
  const show = () => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (button) {
      button.hidden = false;
      button.textContent = NAMES[theme];
      button.setAttribute("aria-label", `${NAMES[theme]}. Change it.`);
    }
  };
  show();
  document.addEventListener("DOMContentLoaded", () => {
    show();
    document.getElementById("theme")?.addEventListener("click", () => {
      theme = NEXT[theme];
      try {
        localStorage.setItem(KEY, theme);
      } catch {
        // it holds for this page
      }
      show();
    });
  });
})();
