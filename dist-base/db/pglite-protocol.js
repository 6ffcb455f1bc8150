export {};
//# sourceMappingURL=pglite-protocol.js.map