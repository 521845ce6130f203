/** Leaves without a word while it loads, as native code does that calls _Exit. */
process.on('message', () => process.exit(255));
