import { useLingui } from "@lingui/react/macro";
import {
  ChartPie,
  CircleFadingArrowUp,
  Compass,
  Copy,
  Download,
  HeartPulse,
  Images,
  Keyboard,
  ListTodo,
  Lock,
  LockOpen,
  type LucideIcon,
  Moon,
  RefreshCw,
  Settings,
  Sun,
  WandSparkles,
} from "lucide-react";
import { useNavigate } from "react-router";
import { addressOf } from "@/api/filter-forms";
import { useLockMature, useMature } from "@/api/mature";
import { useSearches } from "@/api/searches";
import { useScan } from "@/api/tasks";
import type { Model } from "@/api/types";
import { MODEL_TYPES, typeLook } from "@/components/model-type";
import { theme } from "@/lib/theme";
import { toast } from "@/lib/toast";

export interface Command {
  key: string;
  label: string;
  /** What kind of thing it is, or more about it. */
  hint?: string;
  icon: LucideIcon;
  run: () => void;
}

/** Everything that the palette can do besides opening models, in the order it is offered. */
export function useCommands(onShowKeys: () => void): Command[] {
  const { t } = useLingui();
  const navigate = useNavigate();
  const scan = useScan();
  const searches = useSearches().data ?? [];
  const matureCommand = useMatureCommand();
  const isDark = document.documentElement.dataset.theme === "dark";
  const pages: [string, string, LucideIcon][] = [
    ["/", t`Library`, Images],
    ["/discover", t`Discover`, Compass],
    ["/downloads", t`Downloads`, Download],
    ["/insights", t`Insights`, ChartPie],
    ["/updates", t`Updates`, CircleFadingArrowUp],
    ["/duplicates", t`Duplicates`, Copy],
    ["/health", t`Health`, HeartPulse],
    ["/tasks", t`Tasks`, ListTodo],
    ["/settings", t`Settings`, Settings],
  ];
  return [
    ...pages.map(([path, label, icon]) => ({ key: path, label, hint: t`Page`, icon, run: () => navigate(path) })),
    {
      key: "scan",
      label: t`Scan the library`,
      hint: t`Action`,
      icon: RefreshCw,
      run: () => scan.mutate({}, { onSuccess: () => toast.message(t`Scan started`) }),
    },
    {
      key: "theme",
      label: isDark ? t`Light theme` : t`Dark theme`,
      hint: t`Action`,
      icon: isDark ? Sun : Moon,
      run: () => theme.set(isDark ? "light" : "dark"),
    },
    matureCommand,
    { key: "setup", label: t`Setup guide`, hint: t`Page`, icon: WandSparkles, run: () => navigate("/setup") },
    { key: "keys", label: t`Show the keys`, hint: t`Action`, icon: Keyboard, run: onShowKeys },
    ...searches.map((search) => ({
      key: `search ${search.id}`,
      label: search.name,
      hint: t`Saved search`,
      icon: Images,
      run: () => navigate({ pathname: "/", search: addressOf(search) }),
    })),
    ...Object.entries(MODEL_TYPES).map(([type, { label, icon }]) => ({
      key: `type ${type}`,
      label: t(label),
      hint: t`Models of this type`,
      icon,
      run: () => navigate(`/?type=${type}`),
    })),
  ];
}

/** Locks mature content, or goes to where it is unlocked and where a lock is made. */
function useMatureCommand(): Command {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { data: mature } = useMature();
  const lock = useLockMature();
  const isOpen = mature?.has_passphrase && !mature.is_locked;
  const lockNow = () =>
    // not by a callback of `mutate`: the palette is gone by then
    void lock.mutateAsync().then(
      () => toast.success(t`Mature content is locked`),
      () => undefined,
    );
  return {
    key: "mature",
    label: mature?.is_locked ? t`Unlock mature content` : t`Lock mature content`,
    hint: t`Action`,
    icon: mature?.is_locked ? LockOpen : Lock,
    run: isOpen ? lockNow : () => navigate("/settings#mature"),
  };
}

/** Models that were found, as what opens them. */
export function useModelCommands(models: Model[]): Command[] {
  const { t } = useLingui();
  const navigate = useNavigate();
  return models.map((model) => {
    const { icon, label } = typeLook(model.type);
    return {
      key: `model ${model.id}`,
      label: model.name,
      hint: [t(label), model.base_model].filter(Boolean).join(" · "),
      icon,
      run: () => navigate(`/models/${model.id}`),
    };
  });
}
