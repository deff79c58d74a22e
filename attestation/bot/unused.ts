/**
 * Stands in the bot's bundle for what only Bolt's other receivers need (a web server, web sockets, installing an app by
 * OAuth): nine tenths of Bolt's size, and of the time that it takes to load. See `stacks/attestation/bot.ts`.
 */
export const unused = true;
