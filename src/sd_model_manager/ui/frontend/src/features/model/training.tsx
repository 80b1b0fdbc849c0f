import { Trans, useLingui } from "@lingui/react/macro";
import { CopyChip } from "@/components/copy-button";
import { Section } from "@/components/section";
import { useFormat } from "@/lib/format";
import { readTraining, type Training as TrainingFacts } from "@/lib/training";

/** How a file was trained, as it says itself: the tags of the pictures, the larger the more frequent, and the settings. */
export function Training({ metadata }: { metadata: Record<string, string> }) {
  const training = readTraining(metadata);
  if (!training) return null;
  return (
    <Section title={<Trans>Training</Trans>}>
      <TagCloud tags={training.tags} />
      <Settings training={training} />
    </Section>
  );
}

function TagCloud({ tags }: Pick<TrainingFacts, "tags">) {
  const { t } = useLingui();
  const most = tags[0]?.count ?? 1;
  if (tags.length === 0) return null;
  return (
    <ul aria-label={t`Tags of the training pictures`} className="mb-3.5 flex flex-wrap items-center gap-1.5">
      {tags.map(({ tag, count }) => (
        <li
          key={tag}
          className="max-w-full"
          style={{ fontSize: `${0.72 + 0.4 * Math.sqrt(count / most)}rem` }}
          title={t`${count} times`}
        >
          <CopyChip text={tag} className="text-[length:inherit]" />
        </li>
      ))}
    </ul>
  );
}

function Settings({ training }: { training: TrainingFacts }) {
  const { t } = useLingui();
  const format = useFormat();
  const count = (value: number | null) => value !== null && format.number(value);
  const facts: [string, string | false | null][] = [
    [t`Made from`, training.madeFrom],
    [t`Resolution`, training.resolution],
    [t`Pictures`, count(training.pictures)],
    [t`Steps`, count(training.steps)],
    [t`Epochs`, count(training.epochs)],
    [t`Rank / alpha`, training.rank],
    [t`Learning rate`, training.learningRate],
    [t`Optimizer`, training.optimizer],
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-[13px]">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name} className="col-span-2 grid grid-cols-subgrid">
              <dt className="text-ink-faint">{name}</dt>
              <dd className="min-w-0 tabular-nums [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
