import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROJECT_ROOT } from '../../../src/config.ts';
import { orderRules } from '../../../src/triage/order-rules.ts';
import { ruleFileSchema } from '../../../src/triage/rules.ts';
import { fired } from '../../_util/rules.ts';
import { loadCore } from '../../_util/triage.ts';

it('the worked example of docs/rules.md does what the page says', async () => {
  const page = readFileSync(path.join(PROJECT_ROOT, 'docs/rules.md'), 'utf8');
  const source = /```yaml\n(version: "1"\n[\s\S]+?)```/u.exec(page)?.[1] ?? '';
  const rules = orderRules(ruleFileSchema.parse(parse(source)).rules);
  const lexicon = (await loadCore()).policy.ruleBook.scopes;
  const names = (text: string) => fired(text, rules, { lexicon, facts: { type: 'other' } });
  for (const { name, examples } of rules) {
    for (const { text } of examples?.fires ?? [])
      expect({ text, fires: names(text).includes(name) }).toEqual({ text, fires: true });
    for (const { text } of examples?.silent ?? [])
      expect({ text, fires: names(text).includes(name) }).toEqual({ text, fires: false });
  }
  expect(names('收到的时候杯子已经碎了，孩子的手被划伤')).toEqual(['goods_broken', 'somebody_hurt']);
});
