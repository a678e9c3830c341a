/** What goes on over all of the page's sockets, for the header and for the orbit. */
const open = new Set();
const totals = { open: 0, sent: 0, received: 0 };
const listeners = new Set();

/** Told with (totals, direction); the direction is missing when a socket opened or closed. */
export function onTraffic(listener) {
	listeners.add(listener);
	listener(totals);
}

export function frameMoved(direction) {
	totals[direction]++;
	tell(direction);
}

export function socketOpened(socket) {
	open.add(socket);
	tell();
}

export function socketEnded(socket) {
	open.delete(socket);
	tell();
}

function tell(direction) {
	totals.open = open.size;
	listeners.forEach((listener) => listener(totals, direction));
}
