/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

/** What goes on over all of the page's sockets and streams, for the header and for the orbit. */
const open = new Set();
const totals = { open: 0, sent: 0, received: 0 };
const listeners = new Set();

/** Told with (totals, direction); the direction is missing when one opened or closed. */
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
