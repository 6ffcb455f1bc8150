import type { Sentence } from './draft.ts';
import type { Medium, ReplyLanguage, Role } from './template.ts';

/** What belongs together in one paragraph. */
const BLOCK_OF: Readonly<Record<Role, string>> = {
  greeting: 'greeting',
  acknowledge: 'matter',
  care: 'matter',
  noted: 'matter',
  answer: 'answer',
  steps_intro: 'steps',
  step: 'steps',
  next: 'next',
  need: 'next',
  safety: 'next',
  closing: 'closing',
};

/** The text of a reply: paragraphs and numbered steps in a mail, lines in a chat and a phone script, one run in a post. */
export function render(sentences: readonly Sentence[], language: ReplyLanguage, medium: Medium): string {
  const blocks: { name: string; sentences: Sentence[] }[] = [];
  for (const sentence of sentences) {
    const name = BLOCK_OF[sentence.role];
    const last = blocks.at(-1);
    if (last?.name === name) last.sentences.push(sentence);
    else blocks.push({ name, sentences: [sentence] });
  }
  const space = language === 'zh' ? '' : ' ';
  const paragraphs = blocks.map((block) => paragraphOf(block.sentences, space, medium));
  if (medium === 'social') return paragraphs.join(space);
  return paragraphs.join(medium === 'mail' ? '\n\n' : '\n');
}

function paragraphOf(sentences: readonly Sentence[], space: string, medium: Medium): string {
  const lines: string[] = [];
  let run: string[] = [];
  let count = 0;
  for (const { role, text } of sentences) {
    if (role !== 'step' || medium === 'social') {
      run.push(text);
      continue;
    }
    if (run.length > 0) lines.push(run.join(space));
    run = [];
    count += 1;
    lines.push(`${count}. ${text}`);
  }
  if (run.length > 0) lines.push(run.join(space));
  return lines.join('\n');
}
