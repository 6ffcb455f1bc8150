import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { JobQueue } from '../../jobs/queue.ts';
import { activateVersion, getVersion } from '../../learning/activate.ts';
import { exportVersion } from '../../learning/export-version.ts';
import { findLabelNoise, labelNoiseSchema } from '../../learning/label-noise.ts';
import { getModelQuality, modelQualitySchema } from '../../learning/model-quality.ts';
import { listVersions, modelVersionSchema } from '../../learning/model-versions.ts';
import { answer, answerJson } from '../answer.ts';
import { type App, addOperation, newApp, problems } from '../openapi.ts';
import {
  FILE_EXAMPLE,
  LABEL_NOISE_EXAMPLE,
  MODEL_EXAMPLE,
  MODELS_EXAMPLE,
  QUALITY_EXAMPLE,
} from '../review-examples.ts';
import { addTraining } from './training.ts';

const params = z.object({
  version: z.string().min(1).max(64).describe('The version’s name.').meta({ example: '3f9a1c07b2de' }),
});

/** Versions of what is learned: train, compare, put in force, go back. */
export function modelRoutes(context: Context, jobs: JobQueue) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/models',
      operationId: 'listModels',
      tags: ['Models'],
      summary: 'List model versions, newest first',
      description: 'With what each was trained from and how it compared with the version before.',
      responses: {
        200: {
          description: 'All versions that are kept.',
          content: {
            'application/json': { schema: z.object({ items: z.array(modelVersionSchema) }), example: MODELS_EXAMPLE },
          },
        },
        ...problems(401, 500, 503),
      },
    },
    async (c) => answerJson(c, { items: await listVersions(context.database.kysely) }),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/models/quality',
      operationId: 'getModelQuality',
      tags: ['Models'],
      summary: 'How good decisions are, by the word of people',
      description:
        'Of types, topics and risk flags, each per label and language: how often people changed them, the error of confident decisions as the random reviews show it, and how their mix has shifted.',
      responses: {
        200: {
          description: 'The figures.',
          content: { 'application/json': { schema: modelQualitySchema, example: QUALITY_EXAMPLE } },
        },
        ...problems(401, 500, 503),
      },
    },
    async (c) => answerJson(c, await getModelQuality(context)),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/models/label-noise',
      operationId: 'findLabelNoise',
      tags: ['Models'],
      summary: 'Labels that contradict their neighbours',
      description:
        'Shipped examples and labelled items, also those that no version was trained on yet, whose three nearest neighbours all carry one other type, or have the same other topics or risk flags.',
      responses: {
        200: {
          description: 'Labels worth a second look.',
          content: { 'application/json': { schema: labelNoiseSchema, example: LABEL_NOISE_EXAMPLE } },
        },
        ...problems(401, 500, 503),
      },
    },
    async (c) => answerJson(c, await findLabelNoise(context, c.req.raw.signal)),
  );
  // Before the routes of one version, which would take `training` for its name.
  addTraining(app, context, jobs);
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/models/{version}',
      operationId: 'getModel',
      tags: ['Models'],
      summary: 'Look at one model version',
      description: 'With the report of its comparison.',
      request: { params },
      responses: {
        200: {
          description: 'The version.',
          content: { 'application/json': { schema: modelVersionSchema, example: MODEL_EXAMPLE } },
        },
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => answerJson(c, await getVersion(context, c.req.param('version') ?? '')),
  );
  addFile(app, context);
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/models/{version}/activate',
      operationId: 'activateModel',
      tags: ['Models'],
      summary: 'Put a version in force',
      description:
        'A step back, or forth again. Decisions that are stored stay as they are; values that people gave stay too. It is `pinned`: corrections train no other in its place until `POST /v1/models/train`.',
      request: { params },
      responses: {
        200: {
          description: 'The version, now in force.',
          content: { 'application/json': { schema: modelVersionSchema, example: MODEL_EXAMPLE } },
        },
        ...problems(401, 404, 409, 500, 503),
      },
    },
    async (c) => answerJson(c, await activateVersion(context, c.req.param('version') ?? '', c.get('actor'))),
  );
  return app;
}

function addFile(app: App, { database }: Context): void {
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/models/{version}/file',
      operationId: 'downloadModel',
      tags: ['Models'],
      summary: 'Download a model version as one file',
      description:
        'Says in three lines of text what it is, for which encoder and taxonomy, and its SHA-256; the head follows. `npm run models -- import FILE` keeps it in another database.',
      request: { params },
      responses: {
        200: {
          description: 'The file.',
          content: {
            'application/octet-stream': { schema: z.string().meta({ format: 'binary' }), example: FILE_EXAMPLE },
          },
        },
        ...problems(401, 404, 409, 500, 503),
      },
    },
    async (c) => {
      const version = c.req.param('version') ?? '';
      const bytes = await exportVersion(database.kysely, version);
      const name = `feedback-triage-${version.replaceAll(/[^\w-]/gu, '_')}.model`;
      return answer(c, bytes, 'application/octet-stream', 200, {
        'Content-Disposition': `attachment; filename="${name}"`,
      });
    },
  );
}
