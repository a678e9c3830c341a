'use strict';

// Runs WebSocket clients. A line on standard input tells a client what to do, a line on standard
// output what a client has received: both are arrays, and begin with the number of the client.

const readline = require('node:readline');

const connect = { ws, undici };

const clients = new Map();

function tell(id, event, value) {
	process.stdout.write(JSON.stringify([ id, event, value ]) + '\n');
}

function describe(bytes) {
	let hash = 1;
	for (const byte of new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)) {
		hash = (Math.imul(31, hash) + byte) | 0;
	}
	return `${bytes.byteLength} bytes ${hash}`;
}

function ws(id, url, compression) {
	const { WebSocket } = require('ws');
	const socket = new WebSocket(url, { perMessageDeflate: compression });
	let extensions = '';
	socket.on('upgrade', ({ headers }) => extensions = headers['sec-websocket-extensions'] ?? '');
	socket.on('open', () => tell(id, 'open', extensions));
	socket.on('message', (data, binary) => tell(id, 'received', binary ? describe(data) : data.toString()));
	socket.on('pong', (data) => tell(id, 'received', `pong ${data}`));
	socket.on('error', (error) => tell(id, 'received', String(error)));
	socket.on('close', (code, reason) => tell(id, 'received', `close ${code} ${reason}`.trimEnd()));
	return {
		text: (text) => socket.send(text),
		binary: (base64) => socket.send(Buffer.from(base64, 'base64')),
		fragments: (texts) => texts.forEach((text, i) => socket.send(text, { fin: i === texts.length - 1 })),
		ping: (payload) => socket.ping(payload),
		close: (code, reason) => socket.close(code, reason),
		end: () => socket.terminate()
	};
}

function undici(id, url) {
	const { WebSocket } = require('undici');
	const socket = new WebSocket(url);
	socket.binaryType = 'arraybuffer';
	socket.onopen = () => tell(id, 'open', socket.extensions);
	socket.onmessage = ({ data }) =>
		tell(id, 'received', (typeof data === 'string') ? data : describe(new Uint8Array(data)));
	socket.onerror = ({ error }) => tell(id, 'received', String(error));
	socket.onclose = ({ code, reason }) => tell(id, 'received', `close ${code} ${reason}`.trimEnd());
	return {
		text: (text) => socket.send(text),
		binary: (base64) => socket.send(Buffer.from(base64, 'base64')),
		close: (code, reason) => socket.close(code, reason),
		end: () => socket.close()
	};
}

readline.createInterface({ input: process.stdin })
	.on('line', (line) => {
		const [ id, action, ...values ] = JSON.parse(line);
		if (action in connect) {
			clients.set(id, connect[action](id, ...values));
		}
		else {
			clients.get(id)[action](...values);
		}
	})
	.on('close', () => process.exit());
