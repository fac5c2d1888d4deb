/** Dark or light: the system's choice until the person makes one. */
import { changed } from "./state.js";

const system = window.matchMedia("(prefers-color-scheme: dark)");

export function isDark() {
  const chosen = window.localStorage.getItem("theme");
  return chosen ? chosen === "dark" : system.matches;
}

function apply() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  changed();
}

export function toggleTheme() {
  window.localStorage.setItem("theme", isDark() ? "light" : "dark");
  apply();
}

export function followTheme() {
  system.addEventListener("change", apply);
  apply();
}
