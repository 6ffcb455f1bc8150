import { randomBytes } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors.js';
const SOCKET_NAME = /^lock\.(\d+)\.[0-9a-f]{8}$/;
const ATTEMPTS = 8;
/** Processes that start together all step back; pauses that differ and grow keep them from meeting again. */
const FIRST_PAUSE_MS = 20;
/** `sun_path` holds 104 bytes on macOS and 108 on Linux, the final zero included. */
const MAX_SOCKET_PATH = 103;
/**
 * Takes the exclusive lock on a folder, until it is disposed of or the process ends in any way.
 *
 * The lock is a listening socket in the folder: the kernel closes it with its process, so nothing has to be guessed
 * from process ids, start times or ages, and processes in other containers on the same volume see it too. Everybody
 * listens first and then looks for others who listen: of two, the later one always sees the earlier one.
 *
 * @throws AppError `database_locked` with the holder's process id; `file_error` where sockets cannot be made
 */
export async function lockFolder(folder) {
    let holder;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (attempt > 0)
            await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
        const { living } = await listSockets(folder);
        // Who only tries is gone after a moment: one that is still there is the holder.
        if (holder !== undefined && living.includes(holder))
            break;
        holder = living[0];
        if (holder !== undefined)
            continue;
        const claim = await Claim.make(folder);
        holder = await claim.findRival();
        if (holder === undefined)
            return claim;
        await claim[Symbol.asyncDispose]();
    }
    const pid = SOCKET_NAME.exec(holder ?? '')?.[1] ?? 'unknown';
    throw new AppError('database_locked', `The database in ${folder} is in use by another process (pid ${pid}).`);
}
class Claim {
    #folder;
    #name;
    #server;
    constructor(folder, name, server) {
        this.#folder = folder;
        this.#name = name;
        this.#server = server;
    }
    static async make(folder) {
        const name = `lock.${process.pid}.${randomBytes(4).toString('hex')}`;
        const server = createServer((socket) => socket.destroy());
        await new Promise((resolve, reject) => {
            server.once('error', (error) => reject(cannotListen(folder, error)));
            server.listen(socketPath(folder, name), resolve);
        });
        server.unref();
        return new Claim(folder, name, server);
    }
    /** Another living socket, or this one's own name when its file was taken for a dead one's and removed. */
    async findRival() {
        const { living, dead } = await listSockets(this.#folder, this.#name);
        if (living.length > 0)
            return living[0];
        const present = await lstat(path.join(this.#folder, this.#name)).catch(() => undefined);
        if (!present)
            return this.#name;
        for (const name of dead)
            await rm(path.join(this.#folder, name), { force: true });
        return undefined;
    }
    async [Symbol.asyncDispose]() {
        // Closing also removes the file, before the socket dies.
        await new Promise((resolve) => this.#server.close(resolve));
    }
}
async function listSockets(folder, except) {
    const names = (await readdir(folder)).filter((name) => SOCKET_NAME.test(name) && name !== except);
    const living = [];
    const dead = [];
    for (const name of names)
        ((await isListening(socketPath(folder, name))) ? living : dead).push(name);
    return { living, dead };
}
function isListening(file) {
    return new Promise((resolve) => {
        const socket = connect(file);
        socket.once('connect', () => {
            socket.destroy();
            resolve(true);
        });
        // Any other answer (a full queue, a refused permission) is given for a socket that somebody holds.
        socket.once('error', (error) => {
            resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
        });
    });
}
function socketPath(folder, name) {
    const absolute = path.join(folder, name);
    const relative = path.relative('', absolute);
    const shorter = relative.length < absolute.length ? relative : absolute;
    if (Buffer.byteLength(shorter) <= MAX_SOCKET_PATH)
        return shorter;
    throw new AppError('bad_configuration', `The path of DATA_DIR is too long for the socket that locks it: ${folder}`);
}
function cannotListen(folder, cause) {
    return new AppError('file_error', `DATA_DIR cannot be locked: its file system must be writable and allow sockets (${folder}).`, { cause });
}
//# sourceMappingURL=lock.js.map