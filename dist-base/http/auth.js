import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '../errors.js';
const LOCAL_NAMES = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/u;
/**
 * Lets a request in by its key (`Authorization: Bearer …`). Without configured keys the service listens on loopback
 * only; then requests must also name it so, which keeps web pages on other sites from reaching it by a name of
 * their own (DNS rebinding).
 */
export function requireKey({ API_KEYS }) {
    return async function requireKeyMiddleware(c, next) {
        if (API_KEYS.length === 0) {
            checkLocal(c.req.header('host'), c.req.header('sec-fetch-site'));
            c.set('actor', { kind: 'local' });
        }
        else {
            const name = findKey(API_KEYS, c.req.header('authorization'));
            if (name === undefined)
                throw new AppError('unauthorized', 'Send a valid key: Authorization: Bearer <key>.');
            c.set('actor', { kind: 'api_key', name });
        }
        await next();
    };
}
function checkLocal(host, fetchSite) {
    if (!LOCAL_NAMES.test(host ?? '')) {
        throw new AppError('unauthorized', 'Without keys the service answers to localhost only. Configure API_KEYS to use another name.');
    }
    if (fetchSite === 'cross-site')
        throw new AppError('unauthorized', 'Without keys the service does not answer to other web sites.');
}
/** Every key is compared, in constant time, so that the time tells nothing. */
function findKey(keys, authorization) {
    const sent = /^Bearer\s+(\S{1,512})$/iu.exec(authorization ?? '')?.[1] ?? '';
    const digest = createHash('sha256').update(sent).digest();
    let found;
    for (const { name, sha256 } of keys) {
        if (timingSafeEqual(digest, Buffer.from(sha256, 'hex')) && sent !== '')
            found = name;
    }
    return found;
}
//# sourceMappingURL=auth.js.map