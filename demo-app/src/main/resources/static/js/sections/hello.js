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

import { livePanel, sendForm } from "../panel.js";

export default {
	id: "hello",
	title: "Say hello, and stay",
	path: "/hello",
	text: "One message goes out as soon as the socket opens. Each message that comes in is printed on the server’s "
		+ "console, so keep an eye on it. The socket stays open until one side closes it; then the console says `Disconnected`.",
	source: "hello",
	mount() {
		return livePanel({
			id: "hello", path: "hello", empty: "Connect, and the server says hello.",
			below: (connection) => sendForm({
				id: "hello", label: "Text for the server’s console", placeholder: "Printed on the server’s console",
				onSend: (text) => connection.deliver(text),
			}),
		}).element;
	},
};
