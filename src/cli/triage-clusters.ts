import { Arrivals } from '../clusters/arrival/arrivals.ts';
import { seedMeans } from '../clusters/head-means.ts';
import type { ClusterItem } from '../clusters/item.ts';
import { MATTER_COORDINATES } from '../clusters/matter-space.ts';
import { nameClusters } from '../clusters/naming/name.ts';
import { topicOf } from '../clusters/naming/topic-of.ts';
import { LexicalSpace } from '../clusters/neighbours/lexical.ts';
import { recluster } from '../clusters/recluster/recluster.ts';
import { type Burst, BurstDetector } from '../clusters/trend/burst.ts';
import type { Engine } from '../context.ts';
import type { Classified } from '../feedback/classify.ts';
import type { FeedbackRequest } from '../intake/request.ts';
import { withoutCues } from '../learning/features.ts';
import { mainLanguageOf } from '../text/main-language.ts';
import { formatTime } from './describe.ts';
import { TEXT, type UiLanguage } from './text.ts';

/** Messages that are looked at together; more take longer than a reader of a table waits. */
const MOST = 1_000;
const SHOWN = 5;
const SEED = 1;

interface Kept {
  readonly item: ClusterItem;
  readonly topics: readonly string[];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly isDated: boolean;
}

/** Gathers the messages of a file and tells what recurs in them, the matter of most people first. */
export class TriageClusters {
  readonly #engine: Pick<Engine, 'learned' | 'policy' | 'config' | 'matters'>;
  readonly #kept: Kept[] = [];
  #count = 0;

  constructor(engine: Pick<Engine, 'learned' | 'policy' | 'config' | 'matters'>) {
    this.#engine = engine;
  }

  add(line: number, request: FeedbackRequest, { document, embedding, decision, receivedAt }: Classified): void {
    this.#count++;
    if (this.#kept.length >= MOST) return;
    const topics = decision.topics.map(({ key }) => key);
    this.#kept.push({
      item: {
        id: String(line).padStart(6, '0'),
        vector: this.#engine.matters.place(embedding.vector, document.index, topics),
        language: mainLanguageOf(document.language),
        customer: request.customer?.ref,
        source: withoutCues(document),
      },
      topics,
      at: request.happened_at === undefined ? receivedAt.getTime() : Date.parse(request.happened_at),
      isDated: request.happened_at !== undefined,
    });
  }

  /** A line per matter; empty where nothing recurs, or where the file is too long for it. */
  describe(language: UiLanguage, signal: AbortSignal): string {
    if (this.#count > MOST) return '';
    const kept = this.#kept.toSorted(inOrder);
    const items = kept.map(({ item }) => item);
    const { policy } = this.#engine;
    const clusters = this.#find(kept, signal);
    const groups = [...new Set(clusters.flatMap((id) => id ?? []))].map((id) => {
      const members = kept.filter((_, row) => clusters[row] === id);
      const topic = topicOf(
        policy.taxonomy,
        members.map(({ topics }) => topics),
      );
      return { members, items: members.map(({ item }) => item), topic };
    });
    const rest = items.filter((_, row) => clusters[row] === undefined);
    const names = nameClusters(groups, rest, policy.naming);
    const lines = groups
      .map(({ members }, at) => ({
        title: names[at]?.title[language] ?? '',
        members,
        customers: countCustomers(members),
      }))
      .sort((left, right) => right.customers - left.customers || (left.title < right.title ? -1 : 1))
      .slice(0, SHOWN)
      .map(
        ({ title, members, customers }) =>
          `  ${title}: ${customers} ${TEXT.customers[language]}${this.#span(members)}${this.#burst(members, language)}`,
      );
    return lines.length === 0 ? '' : `\n${TEXT.recurring[language]}\n${lines.join('\n')}`;
  }

  /** As the service finds them: while messages come, and once more over all of them. */
  #find(kept: readonly Kept[], signal: AbortSignal): readonly (string | undefined)[] {
    const items = kept.map(({ item }) => item);
    const means = seedMeans(this.#engine);
    const { vocabulary, mean } = this.#engine.learned.head.model;
    const dimensions = mean.length + MATTER_COORDINATES;
    const arrivals = new Arrivals({ dimensions, prior: means, space: new LexicalSpace(vocabulary) });
    for (const { item, at } of kept) arrivals.add(item, at);
    const known = new Map(
      arrivals.clusters().flatMap((id, row) => (id === undefined ? [] : [[items[row]?.id ?? '', id] as const])),
    );
    return recluster(items, { seed: SEED, known, means, signal, newId: String }).clusters;
  }

  /** From the first to the last, where the file tells. */
  #span(members: readonly Kept[]): string {
    const times = members.flatMap(({ at, isDated }) => (isDated ? [new Date(at).toISOString()] : []));
    const [first, last] = [times[0], times.at(-1)];
    if (first === undefined || last === undefined) return '';
    return ` (${this.#time(first)} – ${this.#time(last)})`;
  }

  /** Where many wrote at one time: when that was seen, and how many wrote within an hour. */
  #burst(members: readonly Kept[], language: UiLanguage): string {
    const burst = largestBurst(members.filter(({ isDated }) => isDated));
    if (burst === undefined) return '';
    const seen = this.#time(new Date(burst.openedAt).toISOString());
    return TEXT.burst[language].replace('{at}', seen).replace('{people}', String(burst.peak));
  }

  #time(at: string): string {
    return formatTime(at, this.#engine.config.TIME_ZONE).slice(5);
  }
}

function largestBurst(members: readonly Kept[]): Burst | undefined {
  const detector = new BurstDetector();
  const bursts: Burst[] = [];
  for (const { at, item } of members) {
    const closed = detector.observe(at, item.customer ?? item.id).filter(({ kind }) => kind === 'closed');
    bursts.push(...closed.map(({ burst }) => burst));
  }
  if (detector.burst !== undefined) bursts.push(detector.burst);
  return bursts.sort((left, right) => right.peak - left.peak)[0];
}

/** By when they happened; lines without a time in their order, because they are decided side by side. */
function inOrder(left: Kept, right: Kept): number {
  if (left.isDated && right.isDated && left.at !== right.at) return left.at - right.at;
  return left.item.id < right.item.id ? -1 : 1;
}

function countCustomers(members: readonly Kept[]): number {
  return new Set(members.map(({ item }) => item.customer ?? item.id)).size;
}
