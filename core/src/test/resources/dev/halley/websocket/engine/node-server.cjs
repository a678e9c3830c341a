'use strict';

// A server of WebSockets that answers each message with what it knows of the connection. Prints
// its port, and how connections are closed; ends when its standard input does, or after a minute.

const { WebSocketServer } = require('ws');

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: { threshold: 0 } });

server.on('listening', () => console.log(server.address().port));

server.on('connection', (socket) => {
	socket.on('message', (data) => socket.send(`${socket.protocol}, ${socket.extensions || 'none'}: ${data}`));
	socket.on('close', (code, reason) => console.log(`closed ${code} ${reason}`));
});

setTimeout(() => process.exit(1), 60000).unref();
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
