// Runs before the first paint, so that a page in the dark theme never flashes white.
(() => {
  const chosen = localStorage.getItem("sdmm.theme");
  const isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
})();
