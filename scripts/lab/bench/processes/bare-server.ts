import { createServer } from 'node:http';
import process from 'node:process';

// The limit of every mock in JavaScript: node:http that reads the request and always answers the same.
const text = JSON.stringify({ id: 'b817d2618fe6f1804333', extension: '0003*210' });
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };

createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, headers).end(text));
}).listen(Number(process.argv[2]), '127.0.0.1');
