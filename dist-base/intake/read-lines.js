import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { AppError } from '../errors.js';
const NEWLINE = 0x0a;
export const MAX_LINE_BYTES = 1_048_576;
/** The file's bytes, or those of standard input for `-`. A missing file is told at the first read. */
export function openInput(file) {
    return file === '-' ? process.stdin : createReadStream(file);
}
/** Cuts a byte stream into lines before decoding, so that one broken line does not spoil the others. */
export async function* readLines(input, encoding) {
    const decoder = newDecoder(encoding);
    let number = 0;
    let rest = Buffer.alloc(0);
    const line = (bytes) => ({ number: ++number, text: decode(decoder, bytes, number) });
    for await (const chunk of input) {
        let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
        for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE)) {
            yield line(bytes.subarray(0, end));
            bytes = bytes.subarray(end + 1);
        }
        rest = bytes;
        if (rest.length > MAX_LINE_BYTES)
            throw new AppError('file_error', `Line ${number + 1} is longer than 1 MiB; this does not look like a text file.`);
    }
    if (rest.length > 0)
        yield line(rest);
}
/** @throws AppError `file_error` for an encoding that is not known */
export function newDecoder(encoding) {
    try {
        return new TextDecoder(encoding, { fatal: true });
    }
    catch (cause) {
        throw new AppError('file_error', `The encoding ${encoding} is not known; use utf-8 or gb18030.`, { cause });
    }
}
function decode(decoder, bytes, number) {
    try {
        const text = decoder.decode(bytes);
        return (number === 1 ? text.replace(/^\uFEFF/u, '') : text).replace(/\r$/u, '');
    }
    catch {
        return undefined; // the caller reports the line by its number
    }
}
//# sourceMappingURL=read-lines.js.map