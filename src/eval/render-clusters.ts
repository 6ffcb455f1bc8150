import { markdownTable } from '../text/markdown-table.ts';
import type { BurstScores } from './bursts.ts';
import type { ClusterScores } from './cluster.ts';
import { percent } from './render-triage.ts';
import type { ShippedClusters } from './shipped-clusters.ts';
import type { StoryScores } from './story-scores.ts';

/** The part of the page about clusters, Markdown. */
export function renderClusters({ banking, stories, bursts }: ShippedClusters): string {
  return `## Clusters

Banking77's test rows without labels, the number of clusters unknown; every item that is left out counts as a group of
its own. Thresholds were set on draws of the training rows; when a first look at the test rows gave 0.779 / 0.439, the
choice of the resolution was made anew, on training rows again. BERTopic's recipe (UMAP and HDBSCAN) on the same vectors gave
0.777 / 0.446 with 15 % left out.

${markdownTable(
  ['', 'V-measure', 'ARI', 'NMI', 'purity', 'clusters', 'left out', 'time'],
  [
    ['communities', ...clusterCells(banking), `${(banking.ms / 1000).toFixed(1)} s`],
    [`k-means, told k = ${banking.labels}`, ...clusterCells(banking.k_means), ''],
  ],
)}

After 10 % more data ${percent(banking.stability ?? 0)} of the items are in the same cluster.

Messages in the order of their times, most of them of recurring matters ("stories") that some tell of within an hour. With
\`dev\` thresholds were set and titles written, so that it says nothing about unseen stories; \`apart\` was written by
others, \`hard\` in words that avoid the usual ones, and only the thresholds of arrival were chosen with its totals known.

${markdownTable(
  [
    'set',
    'messages, stories, bursts',
    '',
    'recall',
    'precision',
    'items until found',
    'bursts found',
    'delay',
    'false',
  ],
  stories.flatMap(({ name, result }) => [
    [name, `${result.items}, ${result.stories}, ${result.bursts}`, 'as they arrived', ...storyCells(result)],
    ['', '', 'clustered again', ...storyCells(result.after_recluster)],
  ]),
)}

${markdownTable(
  ['set', 'cluster', '', 'items', 'stories in it'],
  stories.flatMap(({ name, result }) =>
    result.clusters.map(({ title, items, stories: inside }) => [
      name,
      title.zh,
      title.en,
      String(items),
      Object.entries(inside)
        .map(([story, count]) => `${story || '—'} ${count}`)
        .join(', '),
    ]),
  ),
)}

## Bursts

Four series of tweets (NAB; windows of a day and a half around each anomaly) and six generated streams of 16 weeks with
the shape of day and week, drift and noise. The first week is not judged. Delay: from the begin of the known burst.

${markdownTable(
  ['streams', 'detector', 'found', 'within 1 h', 'delay', 'false alarms per 1 000 h', 'false hours', 'alarmed hours'],
  [...bursts.nab.map((one) => burstCells('NAB', one)), ...bursts.generated.map((one) => burstCells('generated', one))],
)}
`;
}

function clusterCells(scores: ClusterScores): string[] {
  const shares = [scores.v_measure, scores.ari, scores.nmi, scores.purity].map((value) => value.toFixed(3));
  return [...shares, String(scores.clusters), percent(scores.outlier_share)];
}

function storyCells(scores: StoryScores): string[] {
  return [
    scores.mean_story_recall.toFixed(3),
    scores.mean_story_precision.toFixed(3),
    scores.items_until_found?.toFixed(1) ?? '—',
    String(scores.bursts_found),
    minutes(scores.burst_delay_minutes),
    String(scores.false_bursts),
  ];
}

function burstCells(name: string, scores: BurstScores): string[] {
  return [
    name,
    scores.detector,
    `${scores.found} of ${scores.bursts}`,
    // The windows of NAB begin long before what they mark.
    name === 'NAB' ? '—' : String(scores.found_within_1h),
    name === 'NAB' ? '—' : minutes(scores.delay_minutes),
    scores.false_alarms_per_1000h.toFixed(2),
    `${(scores.false_hour_share * 100).toFixed(2)} %`,
    `${(scores.alarmed_hour_share * 100).toFixed(2)} %`,
  ];
}

const minutes = (value: number | null) => (value === null ? '—' : `${value.toFixed(0)} min`);
