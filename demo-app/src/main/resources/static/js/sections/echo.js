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

import { button } from "../dom.js";
import { livePanel, sendForm } from "../panel.js";
import { RoundTrips } from "../roundtrip.js";

const RANDOM_BYTES = 16;

export default {
	id: "echo",
	title: "Send it back",
	path: "/echo",
	text: "Text comes back as text, and bytes come back as bytes. The page measures how long each frame was away.",
	source: "echo",
	mount() {
		const trips = new RoundTrips();
		const { element, connection } = livePanel({
			id: "echo", path: "echo", empty: "Send something; it comes back.", onFrame: (frame) => trips.frame(frame),
			below: (socket) => sendForm({
				id: "echo", label: "Text to send and get back", placeholder: "Any text",
				onSend: (text) => socket.deliver(text),
				extra: [button("echo-send-binary", `Send ${RANDOM_BYTES} bytes`,
					() => socket.deliver(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))))],
			}),
		});
		connection.on("close", () => trips.clear());
		return element;
	},
};
