export {};
//# sourceMappingURL=prediction.js.map