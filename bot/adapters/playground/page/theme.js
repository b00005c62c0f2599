// Applies the chosen theme before the first paint. Without a choice, the page uses the system's.
"use strict";
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is off, so the page uses the system's theme.
}
