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
