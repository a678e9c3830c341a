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

import { livePanel } from "../panel.js";

export default {
	id: "bye",
	title: "Say hello, and leave",
	path: "/bye",
	text: "The same message with an end after it. What is queued is written first, then the socket closes with status "
		+ "1000. Nothing that comes in matters here, and the code says so: `In.ignore()`.",
	source: "bye",
	mount() {
		return livePanel({ id: "bye", path: "bye", empty: "Connect, and watch it close." }).element;
	},
};
