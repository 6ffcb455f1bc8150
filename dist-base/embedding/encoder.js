export {};
//# sourceMappingURL=encoder.js.map