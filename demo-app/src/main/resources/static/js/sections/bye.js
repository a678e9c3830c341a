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
