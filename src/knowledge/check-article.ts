import { AppError, type FieldError } from '../errors.ts';
import type { Policy } from '../policy.ts';
import type { Article } from './article.ts';
import { checkBody } from './read-article.ts';

type Labels = Pick<Policy, 'taxonomy' | 'routing'>;

/** What is wrong with an article beside its form: names that the policy does not have, and its body. */
export function findProblems(
  { taxonomy, routing }: Labels,
  { topics, owner, applies_to, body }: Pick<Article, 'topics' | 'owner' | 'applies_to' | 'body'>,
): FieldError[] {
  const keysOf = (list: readonly { readonly key: string }[]) => list.map(({ key }) => key);
  const known = keysOf(taxonomy.topics);
  const served = [...keysOf(taxonomy.types), ...keysOf(taxonomy.risk_flags)];
  const queues = keysOf(routing.queues);
  const unknown = (pointer: string, list: readonly string[], accepted: readonly string[]) =>
    list.flatMap((name, at) =>
      accepted.includes(name)
        ? []
        : [{ pointer: `${pointer}/${at}`, message: `is not known; must be one of: ${accepted.join(', ')}` }],
    );
  return [
    ...unknown('/topics', topics, known),
    ...unknown('/applies_to', applies_to, served),
    ...(queues.includes(owner)
      ? []
      : [{ pointer: '/owner', message: `is no queue; must be one of: ${queues.join(', ')}` }]),
    ...checkBody(body),
  ];
}

/** @throws AppError `invalid_input` naming each field, why, and what is accepted */
export function checkArticle(labels: Labels, article: Parameters<typeof findProblems>[1]): void {
  const errors = findProblems(labels, article);
  if (errors.length === 0) return;
  throw new AppError('invalid_input', `Not accepted: ${errors.map(({ pointer }) => pointer).join(', ')}.`, { errors });
}
