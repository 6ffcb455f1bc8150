/** Text that PostgreSQL can hold and a person can read: no U+0000, no half of a surrogate pair. */
export function storable(schema) {
    return schema
        .refine((value) => value.isWellFormed(), 'holds half of a surrogate pair; send well-formed Unicode')
        .refine((value) => !value.includes('\u0000'), 'holds the character U+0000; send plain text');
}
//# sourceMappingURL=storable.js.map