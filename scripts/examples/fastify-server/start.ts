import { createServer } from './server.ts';

const { PORT = '3000', TOKEN = 'token' } = process.env;
const server = createServer({ token: TOKEN });
console.log(`listens on ${await server.listen({ port: Number(PORT), host: '127.0.0.1' })}`);
