import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { normalize } from '../../../src/text/normalize.ts';
import { track } from '../../../src/text/tracked.ts';
import { locate, locateOriginal, maskedFields } from '../../../src/triage/document.ts';
import { redact } from '../../../src/triage/redact.ts';
import { emailAddress, mobileNumber } from '../../_util/personal.ts';
import { anyText } from '../../_util/text.ts';
import { type Core, loadCore } from '../../_util/triage.ts';

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

describe('a message that is read', () => {
  it('is masked, folded and located in what was sent', () => {
    const document = core.read('我的帳戶被盜，電話13812345678', { subject: 'Ｈｅｌｐ ' });
    expect(document.original).toBe('Ｈｅｌｐ \n我的帳戶被盜，電話13812345678');
    expect(document.masked.text).toBe('Ｈｅｌｐ \n我的帳戶被盜，電話[PHONE]');
    expect(document.normal.text).toBe('help \n我的账户被盗,电话[phone]');
    expect(document.language).toBe('zh');
    const at = document.normal.text.indexOf('账户被盗');
    expect(locate(document, { start: at, end: at + 4 })).toEqual({ field: 'text', start: 2, end: 6 });
    const phone = document.normal.text.indexOf('[phone]');
    expect(locate(document, { start: phone, end: phone + 7 })).toEqual({ field: 'text', start: 9, end: 20 });
    expect(locate(document, { start: 0, end: 4 })).toEqual({ field: 'subject', start: 0, end: 4 });
  });

  it('cuts a span over both fields to the one where it begins', () => {
    const document = core.read('gone', { subject: 'money' });
    expect(locateOriginal(document, { start: 0, end: 10 })).toEqual({ field: 'subject', start: 0, end: 5 });
    expect(locateOriginal(document, { start: 6, end: 10 })).toEqual({ field: 'text', start: 0, end: 4 });
  });

  it.each([
    ['', 'no subject', { subject: '', text: 'no subject' }],
    ['call +1 415 555', '2671 now', { subject: 'call +1 415 555', text: '2671 now' }],
    ['a@b.com', 'c@d.com', { subject: '[EMAIL]', text: '[EMAIL]' }],
    ['x', '\u0301y', { subject: 'x', text: '\u0301y' }],
  ])('gives subject %j and text %j apart again, masked', (subject, text, expected) => {
    expect(maskedFields(core.read(text, { subject }))).toEqual(expected);
  });

  it('keeps subject and text apart and each masked as it would be alone, for any text', () => {
    // A subject that ends in "call" makes a phone number of what follows.
    const harmless = anyText.filter((part) => !/call|text|reach|contact|phone|tel|cell/iu.test(part));
    const part = fc.tuple(harmless, fc.oneof(emailAddress, mobileNumber), harmless).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(part, part, (subject, text) => {
        const fields = maskedFields(core.read(text, { subject }));
        expect(fields.subject).toBe(redact(subject).masked.text);
        expect(fields.text).toBe(redact(text).masked.text);
      }),
      { numRuns: 200 },
    );
  });

  it('locates every unit inside its field, on the characters that it came from', () => {
    fc.assert(
      fc.property(anyText, anyText, (subject, text) => {
        const document = core.read(text, { subject });
        for (const unit of document.index.units) {
          const { field, start, end } = locate(document, unit);
          const source = field === 'subject' ? subject : text;
          expect(0 <= start && start <= end && end <= source.length).toBe(true);
          if (document.redactions.length > 0 || (unit.kind === 'stop' && unit.form === '\n')) continue;
          const folded = normalize(track(source.slice(start, end))).text;
          expect(folded).toContain(document.normal.text.slice(unit.start, unit.end));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes the language that the sender knows', () => {
    expect(core.read('提现没到账', { language: 'en' }).language).toBe('en');
    expect(core.read('提现没到账').language).toBe('zh');
  });
});
