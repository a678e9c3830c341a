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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.PayloadCodec;

/**
 * The form of {@link NodeMessage}s: a version, a kind, the node, which connections are
 * meant, and what is to be done; numbers in network order.
 */
final class NodeMessageCodec implements PayloadCodec {

	static final NodeMessageCodec INSTANCE = new NodeMessageCodec();

	private static final int VERSION = 1;

	private static final int SEND = 0;

	private static final int CLOSE = 1;

	private NodeMessageCodec() {
	}

	@Override
	public BrokerPayload encode(Object message) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		out.writeByte(VERSION);
		if (message instanceof NodeMessage.Send send) {
			begin(out, SEND, send);
			write(out, send.type());
			out.writeBoolean(send.binary());
			write(out, send.bytes());
		}
		else {
			NodeMessage.Close close = (NodeMessage.Close) message;
			begin(out, CLOSE, close);
			out.writeInt(close.code());
			write(out, close.reason());
		}
		return new BrokerPayload(bytes.toByteArray(), true);
	}

	private static void begin(DataOutputStream out, int kind, NodeMessage message) throws IOException {
		out.writeByte(kind);
		out.writeLong(message.node());
		out.writeInt(message.to().size());
		for (Map.Entry<String, String> entry : message.to().entrySet()) {
			write(out, entry.getKey());
			write(out, entry.getValue());
		}
	}

	private static void write(DataOutputStream out, String text) throws IOException {
		write(out, text.getBytes(StandardCharsets.UTF_8));
	}

	private static void write(DataOutputStream out, byte[] bytes) throws IOException {
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	@Override
	public NodeMessage decode(BrokerPayload payload) throws IOException {
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload.bytes()));
		int version = in.readUnsignedByte();
		int kind = in.readUnsignedByte();
		if (version != VERSION || kind > CLOSE) {
			throw new IOException("Not a message that this version knows: " + version + ", " + kind);
		}
		long node = in.readLong();
		Map<String, String> to = readSelection(in);
		return (kind == SEND) ? new NodeMessage.Send(node, to, readText(in), in.readBoolean(), read(in))
				: new NodeMessage.Close(node, to, in.readInt(), readText(in));
	}

	private static Map<String, String> readSelection(DataInputStream in) throws IOException {
		int count = in.readInt();
		Map<String, String> selection = new HashMap<>();
		for (int i = 0; i < count; i++) {
			selection.put(readText(in), readText(in));
		}
		return Map.copyOf(selection);
	}

	private static String readText(DataInputStream in) throws IOException {
		return new String(read(in), StandardCharsets.UTF_8);
	}

	private static byte[] read(DataInputStream in) throws IOException {
		int length = in.readInt();
		if (length < 0 || length > in.available()) {
			throw new IOException("Not a length: " + length);
		}
		return in.readNBytes(length);
	}

	/** No connection gets these. */
	@Override
	public Object encoded(BrokerPayload payload) {
		return payload;
	}

}
