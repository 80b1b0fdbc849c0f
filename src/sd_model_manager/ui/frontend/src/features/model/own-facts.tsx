import { Trans, useLingui } from "@lingui/react/macro";
import { Undo2 } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { useChangeModel } from "@/api/model-changes";
import { NO_FILTERS, useFacets } from "@/api/models";
import type { MatureLevel, ModelDetail, ModelType } from "@/api/types";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { fieldClass, Input } from "@/components/field";
import { MODEL_TYPES, typeLook } from "@/components/model-type";
import { Section } from "@/components/section";
import { useOrigin } from "@/features/model/origin";
import { SOURCE_NAMES } from "@/features/model/published-link";
import { cn } from "@/lib/cn";
import { MATURE_LEVELS, showLevel } from "@/lib/mature-level";

const LONGEST = { name: 300, baseModel: 100 };

/** Name, type, base model and maturity, where the user's word goes before that of the file and of the source. */
export function OwnFacts({ model }: { model: ModelDetail }) {
  const { t } = useLingui();
  const baseModelsId = useId();
  const change = useChangeModel(model.id);
  const facets = useFacets(NO_FILTERS).data;
  const { user, identity, published, published_detail } = model;
  const source = published ? (SOURCE_NAMES[published.source] ?? published.source) : "";
  const unknown = t`Unknown`;
  const originOf = useOrigin(model);
  return (
    <Section title={<Trans>Name, type and base model</Trans>}>
      <div className="space-y-3.5">
        <Fact
          label={t`Name`}
          isOwn={user.own_name !== null}
          origin={originOf("name")}
          others={[
            published && ([t`${source} says`, published.model_name] as const),
            [t`The file is called`, model.filename] as const,
          ]}
          onGiveBack={() => change.mutate({ own_name: null })}
        >
          {(id) => (
            <Text
              id={id}
              value={model.name}
              longest={LONGEST.name}
              onSave={(own_name) => change.mutate({ own_name })}
            />
          )}
        </Fact>
        <Fact
          label={t`Type`}
          isOwn={user.own_type !== null}
          origin={originOf("type")}
          others={[[t`The file says`, t(typeLook(identity.type).label)] as const]}
          onGiveBack={() => change.mutate({ own_type: null })}
        >
          {(id) => (
            <select
              id={id}
              value={model.type}
              onChange={(event) => change.mutate({ own_type: event.target.value as ModelType })}
              className={cn(fieldClass, "h-9.5 w-full cursor-pointer px-2.5 text-sm")}
            >
              {Object.entries(MODEL_TYPES).map(([type, { label }]) => (
                <option key={type} value={type} className="bg-surface text-ink">
                  {t(label)}
                </option>
              ))}
            </select>
          )}
        </Fact>
        <Fact
          label={t`Base model`}
          isOwn={user.own_base_model !== null}
          origin={originOf("base_model")}
          others={[
            published_detail && ([t`${source} says`, published_detail.base_model ?? unknown] as const),
            [t`The file says`, identity.base_model ?? unknown] as const,
          ]}
          onGiveBack={() => change.mutate({ own_base_model: null })}
        >
          {(id) => (
            <Text
              id={id}
              value={model.base_model ?? ""}
              longest={LONGEST.baseModel}
              placeholder={unknown}
              list={baseModelsId}
              onSave={(own_base_model) => change.mutate({ own_base_model })}
            />
          )}
        </Fact>
        <Fact
          label={t`Maturity`}
          isOwn={user.own_mature_level !== null}
          others={[
            published_detail && ([t`${source} says`, showLevel(published_detail.mature_level) ?? unknown] as const),
          ]}
          onGiveBack={() => change.mutate({ own_mature_level: null })}
        >
          {(id) => (
            <select
              id={id}
              value={model.mature_level ?? ""}
              onChange={(event) => change.mutate({ own_mature_level: event.target.value as MatureLevel })}
              className={cn(fieldClass, "h-9.5 w-full cursor-pointer px-2.5 text-sm")}
            >
              {model.mature_level === null && (
                <option value="" className="bg-surface text-ink">
                  {unknown}
                </option>
              )}
              {MATURE_LEVELS.map((level) => (
                <option key={level} value={level} className="bg-surface text-ink">
                  {showLevel(level)}
                </option>
              ))}
            </select>
          )}
        </Fact>
        <datalist id={baseModelsId}>
          {facets?.base_model.map(({ value }) => value && <option key={value} value={value} />)}
        </datalist>
        <Origins model={model} />
      </div>
    </Section>
  );
}

/** Who said what is shown of the model elsewhere on its page. */
function Origins({ model }: { model: ModelDetail }) {
  const { t } = useLingui();
  const originOf = useOrigin(model);
  const fields: [string, string][] = [
    ["trigger_words", t`Trigger words`],
    ["preferred_weight", t`Weight`],
    ["tags", t`Tags`],
    ["description", t`Description`],
    ["notes", t`Notes`],
  ];
  const said = fields.filter(([field]) => originOf(field));
  if (said.length === 0) return null;
  return (
    <ul aria-label={t`Where the rest is from`} className="space-y-1 text-xs leading-relaxed text-ink-faint">
      {said.map(([field, label]) => (
        <li key={field}>
          {label}: <span className="text-ink-soft">{originOf(field)}</span>
        </li>
      ))}
    </ul>
  );
}

interface FactProps {
  label: string;
  /** Whether the user has said it. */
  isOwn: boolean;
  /** Who said it else. */
  origin?: string | undefined;
  /** Who says what else of it. */
  others: (readonly [who: string, what: string] | null)[];
  onGiveBack: () => void;
  children: (id: string) => ReactNode;
}

function Fact({ label, isOwn, origin, others, onGiveBack, children }: FactProps) {
  const { t } = useLingui();
  const id = useId();
  const said = others.filter((other) => other !== null);
  return (
    <div>
      <div className="mb-1 flex min-h-6 items-center gap-2 text-[13px]">
        <label htmlFor={id} className="text-ink-soft">
          {label}
        </label>
        {!isOwn && origin && <span className="ml-auto text-xs text-ink-faint">{origin}</span>}
        {isOwn && (
          <>
            <Badge tone="accent">
              <Trans>Yours</Trans>
            </Badge>
            <Button
              look="quiet"
              size="small"
              className="ml-auto h-6 px-2 text-xs"
              aria-label={t`${label}: take yours back`}
              onClick={onGiveBack}
            >
              <Undo2 aria-hidden />
              <Trans>Take yours back</Trans>
            </Button>
          </>
        )}
      </div>
      {children(id)}
      {isOwn && (
        <ul className="mt-1 space-y-0.5 text-xs leading-relaxed text-ink-faint [overflow-wrap:anywhere]">
          {said.map(([who, what]) => (
            <li key={who}>
              {who}: {what}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface TextProps {
  id: string;
  value: string;
  longest: number;
  placeholder?: string;
  /** The id of a `datalist` with what may be meant. */
  list?: string;
  onSave: (value: string) => void;
}

/** A line of text that is saved when it is left or with Enter; Escape brings back what there was. */
function Text({ id, value, longest, placeholder, list, onSave }: TextProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const save = () => {
    const said = draft?.trim() ?? "";
    setDraft(null);
    if (said !== "" && said !== value) onSave(said);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") save();
    else if (event.key === "Escape") setDraft(null);
  };
  return (
    <Input
      id={id}
      value={draft ?? value}
      maxLength={longest}
      placeholder={placeholder}
      list={list}
      autoComplete="off"
      onChange={(event) => setDraft(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={save}
    />
  );
}
