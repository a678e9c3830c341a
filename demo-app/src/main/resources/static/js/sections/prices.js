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

import { el } from "../dom.js";
import { endpoint } from "../socket.js";
import { eventSource, foreverFrame, streamPanel } from "../stream.js";

export default {
	id: "prices",
	title: "One endpoint, three wires",
	path: "/prices",
	text: "A method may carry several mappings on one path, and the request decides: an upgrade gets a WebSocket, "
		+ "`Accept: text/event-stream` an event stream, and `text/html` a Comet stream.",
	source: "prices",
	wide: true,
	mount() {
		return el("div", { className: "panes" },
			streamPanel({ id: "prices-websocket", title: "WebSocket", empty: "Not open.", start: webSocket }),
			streamPanel({
				id: "prices-events", title: "Event stream", empty: "Not open.",
				start: (sink) => eventSource("prices", sink),
			}),
			streamPanel({
				id: "prices-comet", title: "Comet", empty: "Not open.",
				start: ({ message }) => foreverFrame("prices", "priceMessage",
					(price) => message(JSON.stringify(price), "script")),
			}));
	},
};

function webSocket({ message, note }) {
	const socket = new WebSocket(endpoint("prices"));
	socket.onopen = () => note("Open");
	socket.onmessage = ({ data }) => message(data, "text");
	return () => socket.close();
}
