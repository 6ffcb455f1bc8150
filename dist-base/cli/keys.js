import { createHash, randomBytes } from 'node:crypto';
/** `keys new NAME`: makes a key, shows it once, and prints the entry for API_KEYS, which holds only its hash. */
export const addKeys = (program) => {
    const keys = program.command('keys').description('keys that may call the service');
    keys
        .command('new')
        .description('make a key; it is shown once')
        .argument('<name>', 'who will use it: letters, digits, dot, dash, underscore')
        .action((name) => {
        if (!/^[\w.-]{1,64}$/u.test(name)) {
            program.error('The name must have 1 to 64 letters, digits, dots, dashes or underscores.', { exitCode: 2 });
        }
        const key = `ft_${randomBytes(32).toString('base64url')}`;
        console.log(`Key (shown once): ${key}`);
        console.log(`Add to API_KEYS:  ${name}=${createHash('sha256').update(key).digest('hex')}`);
    });
};
//# sourceMappingURL=keys.js.map