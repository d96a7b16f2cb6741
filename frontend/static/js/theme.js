// Theme, density, pace and language live in cookies, because the server paints <html> with them.
import { say } from "./say.js";
import { words } from "./words.js";

const YEAR = 31536000;
const root = document.documentElement;

function remember(name, value) {
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `${name}=${value};path=/;max-age=${YEAR};samesite=lax${secure}`;
}

const isDark = () =>
  root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

function switchTheme() {
  const dark = !isDark();
  root.dataset.theme = dark ? "dark" : "light";
  remember("theme", root.dataset.theme);
  say(dark ? words.darkTheme : words.lightTheme);
}

function switchLanguage(locale) {
  remember("lang", locale);
  location.reload();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) switchTheme();
  const language = event.target.closest("[data-language]");
  if (language) switchLanguage(language.dataset.language);
});
