import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate, useOutletContext } from "react-router";
import type { ListedModels } from "@/api/model-window";
import type { Model } from "@/api/types";
import { toastFailure } from "@/components/toast-failure";

/** The list that a model is opened beside. */
export interface OpenList {
  models: ListedModels;
  total: number;
  /** The address' search part that these models were found with. */
  search: string;
  fetchBetween: (first: number, last: number) => Promise<Model[]>;
  show: (first: number, last: number) => void;
}

/** How to open the models before and behind this one in the list; `null` where its place is not known. */
export function useNeighbours(id: number) {
  const { models, total, search, fetchBetween, show } = useOutletContext<OpenList>();
  const address = useLocation().search;
  const navigate = useNavigate();
  const index = useLastPlace(id, models, search);
  const openId = useRef<number>(undefined);
  useEffect(() => {
    openId.current = id;
    return () => {
      openId.current = undefined;
    };
  }, [id]);
  if (index === null) return null;

  const isGone = (models[index]?.id ?? id) !== id; // what was behind it has taken its place
  const [before, behind] = [index - 1, isGone ? index : index + 1];
  const open = async (at: number) => {
    const model = models[at] ?? (await fetchBetween(at, at))[0];
    if (!model || openId.current !== id) return;
    if (!models[at]) show(Math.min(index, at), Math.max(index, at));
    navigate({ pathname: `/models/${model.id}`, search: address }, { replace: true, preventScrollReset: true });
  };
  const step = (at: number) => (at >= 0 && at < total ? () => void open(at).catch(toastFailure) : undefined);
  return { place: index + 1, total, previous: step(before), next: step(behind) };
}

/** Where the model is in the list, or was before it left it or was scrolled out of what is fetched. */
function useLastPlace(id: number, models: ListedModels, search: string): number | null {
  const found = models.findIndex((model) => model?.id === id);
  const [last, setLast] = useState({ id, search, index: -1 });
  const isSame = last.id === id && last.search === search;
  if (found >= 0 && !(isSame && last.index === found)) setLast({ id, search, index: found });
  const index = found < 0 && isSame ? last.index : found;
  return index < 0 ? null : index;
}
