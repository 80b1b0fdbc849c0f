// Runs before the first paint and before the page's own code is there.
(() => {
  // A page in the dark theme never flashes white.
  const chosen = localStorage.getItem("sdmm.theme");
  const isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";

  // What the library asks for first, so that it comes together with the code that shows it.
  if (location.pathname !== "/" || location.search !== "") return;
  const href = "/api/models?sort=-added_at&limit=100";
  const link = { rel: "preload", as: "fetch", crossOrigin: "anonymous", href };
  document.head.append(Object.assign(document.createElement("link"), link));
})();
