import type { Span } from '../text/tracked.ts';

export type BlockKind = 'heading' | 'paragraph' | 'step' | 'bullet' | 'code';

/** A piece of Markdown that stands alone. Offsets are UTF-16 code units of the body; `text` is without its mark. */
export interface Block extends Span {
  readonly kind: BlockKind;
  readonly text: string;
}

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*$/u;
const STEP = /^[ \t]*\d{1,3}[.)、．][ \t]*(?=\S)/u;
const BULLET = /^[ \t]*[-*+•·][ \t]+(?=\S)/u;
const QUOTE = /^[ \t]*>[ \t]?/u;
const FENCE = /^ {0,3}(?:```|~~~)/u;
const RULE = /^ {0,3}(?:[-*_][ \t]*){3,}$/u;

interface Line extends Span {
  readonly text: string;
}

/** Headings, paragraphs, numbered steps, bullets and code of a body, in their order. Linear in the body. */
export function readBlocks(body: string): Block[] {
  const blocks: Block[] = [];
  let open: { kind: BlockKind; start: number; end: number; parts: string[] } | undefined;
  let inCode = false;
  const close = () => {
    if (open) blocks.push({ kind: open.kind, start: open.start, end: open.end, text: plainText(open.parts) });
    open = undefined;
  };
  const begin = (kind: BlockKind, { start, end }: Line, mark: number, text: string) => {
    close();
    open = { kind, start: start + mark, end, parts: [text] };
  };
  for (const line of linesOf(body)) {
    if (FENCE.test(line.text)) {
      close();
      inCode = !inCode;
    } else if (inCode) {
      begin('code', line, 0, line.text);
      close();
    } else if (line.text.trim() === '' || RULE.test(line.text)) close();
    else if (HEADING.test(line.text)) {
      begin('heading', line, 0, HEADING.exec(line.text)?.[2] ?? '');
      close();
    } else {
      const [kind, mark] = markOf(line.text);
      if (kind !== 'paragraph' || open === undefined) begin(kind, line, mark, line.text.slice(mark));
      else {
        open.parts.push(line.text.slice(mark));
        open.end = line.end;
      }
    }
  }
  close();
  return blocks.filter(({ text }) => text !== '');
}

function markOf(text: string): [BlockKind, number] {
  const step = STEP.exec(text)?.[0].length;
  if (step !== undefined) return ['step', step];
  const bullet = BULLET.exec(text)?.[0].length;
  if (bullet !== undefined) return ['bullet', bullet];
  return ['paragraph', QUOTE.exec(text)?.[0].length ?? 0];
}

function* linesOf(body: string): Generator<Line> {
  for (let start = 0; start <= body.length; ) {
    const next = body.indexOf('\n', start);
    const end = next < 0 ? body.length : next;
    yield { start, end, text: body.slice(start, end).replace(/\r$/u, '') };
    start = end + 1;
  }
}

/** Without the signs of emphasis, and links by their words. */
function plainText(parts: readonly string[]): string {
  return joinLines(parts.map((part) => part.trim()).join('\n'))
    .replace(/!?\[([^\]\n]{0,500})\]\([^)\n]{0,1000}\)/gu, '$1')
    .replace(/(\*\*|__|`)/gu, '')
    .trim();
}

/** One line of several: Chinese without a blank between. */
export function joinLines(text: string): string {
  return text.replace(/([\p{Script=Han}，。；：、])\n\s*/gu, '$1').replace(/\s*\n\s*/gu, ' ');
}

/** Where the schemes of links end that a reader may follow. */
const LINK = /\]\(\s*([^)\s]{0,2000})/gu;
const SAFE_LINK = /^(?:https?:\/\/|mailto:|[/#.]|[\w-]+(?:[/#.?]|$))/iu;

/** What of a body is not plain Markdown, as a clause for an error; undefined when nothing is. */
export function findUnsafe(body: string): string | undefined {
  const tag = /<[a-z!?/]/iu.exec(withoutAutolinks(body));
  if (tag) return `holds HTML (line ${lineAt(body, tag.index)}); write Markdown without tags, and &lt; for a sign`;
  for (const match of body.matchAll(LINK)) {
    const target = match[1] ?? '';
    if (!SAFE_LINK.test(target) || target.includes('&#'))
      return `holds a link that is neither http, https nor mailto (line ${lineAt(body, match.index)})`;
  }
  return undefined;
}

/** Blanks of the same length, so that offsets stay. */
function withoutAutolinks(body: string): string {
  return body.replace(/<(?:https?:\/\/|mailto:)[^<>\s]{1,2000}>/giu, (link) => ' '.repeat(link.length));
}

function lineAt(body: string, offset: number): number {
  return body.slice(0, offset).split('\n').length;
}
