import { z } from 'zod';
import { bilingualSchema } from './taxonomy.js';
const keys = z.array(z.string()).min(1).optional();
/** `data/routing.yaml`. */
export const routingSchema = z
    .strictObject({
    version: z.string(),
    queues: z.array(z.strictObject({ key: z.string(), name: bilingualSchema })).min(1),
    rules: z.array(z.strictObject({
        queue: z.string(),
        flags: keys,
        types: keys,
        topics: keys,
        first_topic: keys,
        languages: keys,
        priorities: keys,
    })),
    fallback: z.string(),
})
    .superRefine((routing, context) => {
    const known = new Set(routing.queues.map((queue) => queue.key));
    routing.rules.forEach((rule, index) => {
        if (!known.has(rule.queue))
            context.addIssue({
                code: 'custom',
                path: ['rules', index, 'queue'],
                message: `there is no queue ${rule.queue}`,
            });
    });
    if (!known.has(routing.fallback))
        context.addIssue({ code: 'custom', path: ['fallback'], message: `there is no queue ${routing.fallback}` });
});
/** The queue of the first rule whose conditions all hold. */
export function deriveQueue(routing, facts) {
    const hit = routing.rules.find((rule) => (rule.flags?.some((flag) => facts.flags.has(flag)) ?? true) &&
        (rule.types?.includes(facts.type) ?? true) &&
        (rule.topics?.some((topic) => facts.topics.includes(topic)) ?? true) &&
        (rule.first_topic?.includes(facts.topics[0] ?? '') ?? true) &&
        (rule.languages?.includes(facts.language) ?? true) &&
        (rule.priorities?.includes(facts.priority) ?? true));
    return hit?.queue ?? routing.fallback;
}
//# sourceMappingURL=routing.js.map