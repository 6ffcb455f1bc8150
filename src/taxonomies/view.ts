import { z } from 'zod';
import { keySchema, retiredLabelSchema, labelSchema as taxonomyLabelSchema } from '../triage/taxonomy.ts';
import { definitionSchema } from './definition.ts';
import { nearDuplicateSchema } from './near-duplicates.ts';
import { warningSchema } from './warnings.ts';

export const STATUSES = ['training', 'ready', 'failed'] as const;

/** What a training found out. */
export const trainingReportSchema = z.object({
  trained_at: z.iso.datetime(),
  examples: z.int().describe('Examples that it learned from.'),
  held_out_accuracy: z.number().describe('Share of examples that were answered rightly when they were held out.'),
  threshold: z.number().describe('Answers at least this sure were wrong in at most 3 % of held-out examples.'),
  near_duplicates: z.array(nearDuplicateSchema).describe('Pairs of labels that are nearly the same, nearest first.'),
});

/** `taxonomy.report`. */
export const reportSchema = z.object({
  labels: z.int().describe('Labels that can be answered.'),
  retired: z.int().describe('Labels that are never answered any more.'),
  examples: z.int(),
  warnings: z.array(warningSchema),
  training: trainingReportSchema.nullable().describe('Null until this version is trained.'),
  failure: z.string().nullable().describe('Why the training failed; the next `PUT` tries again.'),
});
export type Report = z.infer<typeof reportSchema>;

/** One taxonomy without its labels. */
export const taxonomySummarySchema = z
  .object({
    name: keySchema,
    version: z.string().describe('Hash of the definition.'),
    status: z.enum(STATUSES).describe('Of this version.'),
    answering: z
      .string()
      .nullable()
      .describe('The version that answers now: an earlier one while this one is trained; null when none can.'),
    progress: z
      .object({ part: z.string().describe('`embedding`, then `training`.'), done: z.int(), total: z.int() })
      .nullable()
      .describe('How far its training is; null when none has begun.'),
    report: reportSchema,
    updated_at: z.iso.datetime().nullable().describe('Null for the one that is shipped.'),
  })
  .meta({ id: 'TaxonomySummary' });
export type TaxonomySummary = z.infer<typeof taxonomySummarySchema>;

/** One taxonomy with its labels as they are kept. */
export const taxonomyDetailSchema = taxonomySummarySchema
  .extend({ labels: definitionSchema.shape.labels })
  .meta({ id: 'TaxonomyDetail' });
export type TaxonomyDetail = z.infer<typeof taxonomyDetailSchema>;

/** The shipped taxonomy: what the customer is doing, and what it is about. */
export const defaultTaxonomySchema = taxonomySummarySchema
  .extend({
    types: z.array(taxonomyLabelSchema),
    topics: z.array(taxonomyLabelSchema),
    retired_labels: z.array(retiredLabelSchema).describe('Given once and not any more; naming one is refused.'),
  })
  .meta({ id: 'DefaultTaxonomy' });
export type DefaultTaxonomy = z.infer<typeof defaultTaxonomySchema>;
