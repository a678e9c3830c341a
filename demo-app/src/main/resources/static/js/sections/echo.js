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
