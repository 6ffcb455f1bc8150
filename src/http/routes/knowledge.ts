import type { Context } from '../../context.ts';
import { pageQuerySchema, pageSchemaOf } from '../../feedback/page-query.ts';
import { createArticle } from '../../knowledge/create.ts';
import { checkedArticleSchema, withContradictions } from '../../knowledge/find-contradictions.ts';
import { articleQuerySchema, getArticle, listArticles, listVersions } from '../../knowledge/list.ts';
import { searchAnswerSchema, searchKnowledge, searchSchema } from '../../knowledge/search.ts';
import { retireArticle, updateArticle } from '../../knowledge/update.ts';
import {
  articleChangeSchema,
  articleSummarySchema,
  articleVersionSchema,
  newArticleSchema,
} from '../../knowledge/view.ts';
import { answerJson } from '../answer.ts';
import { readQuery } from '../body.ts';
import { changeOptions, idOfPath, readRequest } from '../change-request.ts';
import { jsonAnswer, jsonBody } from '../contents.ts';
import { etagOf } from '../etag.ts';
import { IF_MATCH, idOf } from '../item-params.ts';
import {
  ARTICLE_CHANGE_EXAMPLES,
  ARTICLE_EXAMPLE,
  ARTICLES_EXAMPLE,
  NEW_ARTICLE_EXAMPLES,
  RETIRED_EXAMPLE,
  SEARCH_EXAMPLE,
  SEARCH_EXAMPLES,
  VERSIONS_EXAMPLE,
} from '../knowledge-examples.ts';
import { type App, addOperation, newApp, problems } from '../openapi.ts';

const params = idOf('The article’s id.');
const tags = ['Knowledge'];

/** Articles and the search among them. */
export function knowledgeRoutes(context: Context): App {
  const app = newApp();
  addSearch(app, context);
  addReads(app, context);
  addVersions(app, context);
  addCreate(app, context);
  addUpdate(app, context);
  addRetire(app, context);
  return app;
}

function addSearch(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/knowledge/search',
      operationId: 'searchKnowledge',
      tags,
      summary: 'Find the articles that answer a question',
      description:
        'By meaning, words, concepts of both languages and topics together. Of translations the one in the preferred language is given. `fits` is false when no article answers; what is expired, not yet valid or retired is never found. Nothing of the question is kept.',
      request: { body: jsonBody(searchSchema, SEARCH_EXAMPLES) },
      responses: {
        200: jsonAnswer('The passages that answer best.', searchAnswerSchema, SEARCH_EXAMPLE),
        ...problems(400, 401, 413, 415, 422, 500, 503),
      },
    },
    async (c) => {
      const request = await readRequest(c, searchSchema);
      return answerJson(c, await searchKnowledge(context, request, c.req.raw.signal));
    },
  );
}

function addReads(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/knowledge/articles',
      operationId: 'listArticles',
      tags,
      summary: 'List articles',
      description: 'Without their bodies, in the order in which they were added.',
      request: { query: articleQuerySchema },
      responses: {
        200: jsonAnswer('A page of articles.', pageSchemaOf(articleSummarySchema), ARTICLES_EXAMPLE),
        ...problems(401, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listArticles(context, readQuery(c, articleQuerySchema))),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/knowledge/articles/{id}',
      operationId: 'getArticle',
      tags,
      summary: 'Read one article',
      description: 'The `ETag` goes with a change that must apply to just this.',
      request: { params },
      responses: {
        200: jsonAnswer('The article.', checkedArticleSchema, ARTICLE_EXAMPLE),
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => {
      const article = await withContradictions(context, await getArticle(context, idOfPath(c)));
      return answerJson(c, article, 200, etagOf(article));
    },
  );
}

function addVersions(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/knowledge/articles/{id}/versions',
      operationId: 'listArticleVersions',
      tags,
      summary: 'Read what an article has said',
      description: 'Newest first; a quotation names the version that it is from.',
      request: { params, query: pageQuerySchema },
      responses: {
        200: jsonAnswer('A page of versions.', pageSchemaOf(articleVersionSchema), VERSIONS_EXAMPLE),
        ...problems(401, 404, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listVersions(context, idOfPath(c), readQuery(c, pageQuerySchema))),
  );
}

function addCreate(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/knowledge/articles',
      operationId: 'createArticle',
      tags,
      summary: 'Add an article',
      description:
        'Markdown without HTML; it is found at once. An article of the same slug in the other language is its translation.',
      request: { body: jsonBody(newArticleSchema, NEW_ARTICLE_EXAMPLES) },
      responses: {
        201: jsonAnswer('The article.', checkedArticleSchema, ARTICLE_EXAMPLE),
        ...problems(400, 401, 409, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, newArticleSchema);
      const article = await createArticle(context, request, { actor: c.get('actor'), signal: c.req.raw.signal });
      const checked = await withContradictions(context, article);
      return answerJson(c, checked, 201, { ...etagOf(article), Location: `/v1/knowledge/articles/${article.id}` });
    },
  );
}

function addUpdate(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'put',
      path: '/v1/knowledge/articles/{id}',
      operationId: 'updateArticle',
      tags,
      summary: 'Change an article',
      description:
        'All that it is to say from now on; the words before stay readable as a version, and no import overwrites the new ones. A retired article comes back.',
      request: { params, headers: IF_MATCH, body: jsonBody(articleChangeSchema, ARTICLE_CHANGE_EXAMPLES) },
      responses: {
        200: jsonAnswer('The article as it is now.', checkedArticleSchema, ARTICLE_EXAMPLE),
        ...problems(400, 401, 404, 412, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const request = await readRequest(c, articleChangeSchema);
      const options = { ...changeOptions(c), signal: c.req.raw.signal };
      const article = await updateArticle(context, idOfPath(c), request, options);
      return answerJson(c, await withContradictions(context, article), 200, etagOf(article));
    },
  );
}

function addRetire(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'delete',
      path: '/v1/knowledge/articles/{id}',
      operationId: 'retireArticle',
      tags,
      summary: 'Retire an article',
      description: 'It is not found any more and no import brings it back; its versions stay for what was quoted.',
      request: { params, headers: IF_MATCH },
      responses: {
        200: jsonAnswer('The article, retired.', checkedArticleSchema, RETIRED_EXAMPLE),
        ...problems(401, 404, 412, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const article = await retireArticle(context, idOfPath(c), changeOptions(c));
      return answerJson(c, await withContradictions(context, article), 200, etagOf(article));
    },
  );
}
