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

package dev.halley;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.PayloadCodec;

/**
 * The {@linkplain NodeForm form} of {@link NodeMessage}s: the node, which connections are
 * meant, and what is to be done.
 */
final class NodeMessageCodec implements PayloadCodec {

	static final NodeMessageCodec INSTANCE = new NodeMessageCodec();

	private static final int SEND = 0;

	private static final int CLOSE = 1;

	private NodeMessageCodec() {
	}

	@Override
	public BrokerPayload encode(Object message) {
		if (message instanceof NodeMessage.Send send) {
			return NodeForm.encode(SEND, (out) -> {
				begin(out, send);
				NodeForm.write(out, send.type());
				out.writeBoolean(send.binary());
				NodeForm.write(out, send.bytes());
			});
		}
		NodeMessage.Close close = (NodeMessage.Close) message;
		return NodeForm.encode(CLOSE, (out) -> {
			begin(out, close);
			out.writeInt(close.code());
			NodeForm.write(out, close.reason());
		});
	}

	private static void begin(DataOutputStream out, NodeMessage message) throws IOException {
		out.writeLong(message.node());
		out.writeInt(message.to().size());
		for (Map.Entry<String, String> entry : message.to().entrySet()) {
			NodeForm.write(out, entry.getKey());
			NodeForm.write(out, entry.getValue());
		}
	}

	@Override
	public NodeMessage decode(BrokerPayload payload) throws IOException {
		return NodeForm.decode(payload, CLOSE, NodeMessageCodec::read);
	}

	private static NodeMessage read(int kind, DataInputStream in) throws IOException {
		long node = in.readLong();
		Map<String, String> to = readSelection(in);
		return (kind == SEND)
				? new NodeMessage.Send(node, to, NodeForm.readText(in), in.readBoolean(), NodeForm.readBytes(in))
				: new NodeMessage.Close(node, to, in.readInt(), NodeForm.readText(in));
	}

	private static Map<String, String> readSelection(DataInputStream in) throws IOException {
		int count = NodeForm.readCount(in);
		Map<String, String> selection = new HashMap<>();
		for (int i = 0; i < count; i++) {
			selection.put(NodeForm.readText(in), NodeForm.readText(in));
		}
		return Map.copyOf(selection);
	}

	/** No connection gets these. */
	@Override
	public Object encoded(BrokerPayload payload) {
		return payload;
	}

}
