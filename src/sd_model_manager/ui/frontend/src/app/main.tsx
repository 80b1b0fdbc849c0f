import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "@/app/app";
import { followLocale } from "@/lib/locale";
import { followTheme } from "@/lib/theme";
import "@/app/styles.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id 'root'.");

followTheme();
await followLocale();

createRoot(root).render(
  <StrictMode>
    <BrowserRouter>
      <App />
    </BrowserRouter>
  </StrictMode>,
);
