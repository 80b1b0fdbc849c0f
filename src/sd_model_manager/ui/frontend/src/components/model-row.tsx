import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Model } from "@/api/types";
import { ModelPreview } from "@/components/model-preview";
import { typeLook } from "@/components/model-type";
import { useShownPreview } from "@/lib/revealed";

interface ModelRowProps {
  model: Model;
  aside?: ReactNode;
  children?: ReactNode;
}

/** A list of such models, side by side where there is room. */
export const cardGrid =
  "grid grid-cols-1 items-start gap-3 *:rounded-2xl *:border *:bg-surface *:shadow-xs sm:gap-4 xl:grid-cols-2";

/** A model in a list of few: its picture, its name, and what is said of it there. */
export function ModelRow({ model, aside, children }: ModelRowProps) {
  const { t } = useLingui();
  const previewUrl = useShownPreview(model);
  return (
    <li className="flex gap-3 p-3 sm:gap-4 sm:p-4">
      <div className="size-12 shrink-0 overflow-hidden rounded-lg sm:size-16">
        <ModelPreview
          name={model.name}
          type={model.type}
          key={previewUrl}
          previewUrl={previewUrl}
          media={model.preview_media}
          size="small"
        />
      </div>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
          <h3 dir="auto" className="min-w-0 text-sm font-semibold [overflow-wrap:anywhere]">
            <Link to={`/models/${model.id}`} className="rounded hover:text-accent-ink hover:underline">
              {model.name}
            </Link>
          </h3>
          {aside}
        </div>
        <p className="mt-0.5 text-xs text-ink-faint">
          {t(typeLook(model.type).label)}
          {model.base_model && ` · ${model.base_model}`}
        </p>
        {children}
      </div>
    </li>
  );
}
