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

import { eventSource, streamPanel } from "../stream.js";

export default {
	id: "events",
	title: "Go on where it broke off",
	path: "/events",
	text: "Server-Sent Events with ids. The server ends each stream after five events; two seconds later the browser "
		+ "is back with `Last-Event-ID`, and the count goes on without a gap.",
	source: "events",
	mount() {
		return streamPanel({
			id: "events", title: "EventSource", empty: "Open the event stream.",
			start: (sink) => eventSource("events", sink),
		});
	},
};
