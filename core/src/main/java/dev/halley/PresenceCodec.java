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
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.PayloadCodec;

/**
 * The form of {@link PresenceMessage}s: a version, a kind, the node and, where there are
 * members, their number and each of them; numbers in network order.
 */
final class PresenceCodec implements PayloadCodec {

	static final PresenceCodec INSTANCE = new PresenceCodec();

	/** What a message has at most beside its entries. */
	static final int OVERHEAD = 32;

	private static final int VERSION = 1;

	private static final int BEAT = 0;

	private static final int ASK = 1;

	private static final int CHANGES = 2;

	private static final int STATE = 3;

	private static final int FIRST = 1;

	private static final int LAST = 2;

	private static final int ENTRY_OVERHEAD = 32;

	private PresenceCodec() {
	}

	/** How many bytes a member takes at most. */
	static int sizeOf(String name, @Nullable BrokerPayload data) {
		return ENTRY_OVERHEAD + 3 * name.length() + ((data != null) ? data.bytes().length : 0);
	}

	@Override
	public BrokerPayload encode(Object message) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		out.writeByte(VERSION);
		if (message instanceof PresenceMessage.Beat beat) {
			begin(out, BEAT, beat.node());
		}
		else if (message instanceof PresenceMessage.Ask ask) {
			begin(out, ASK, ask.node());
		}
		else if (message instanceof PresenceMessage.Changes changes) {
			begin(out, CHANGES, changes.node());
			write(out, changes.entries());
		}
		else {
			PresenceMessage.State state = (PresenceMessage.State) message;
			begin(out, STATE, state.node());
			out.writeLong(state.number());
			out.writeByte((state.first() ? FIRST : 0) | (state.last() ? LAST : 0));
			write(out, state.entries());
		}
		return new BrokerPayload(bytes.toByteArray(), true);
	}

	private static void begin(DataOutputStream out, int kind, long node) throws IOException {
		out.writeByte(kind);
		out.writeLong(node);
	}

	private static void write(DataOutputStream out, List<PresenceMessage.Entry> entries) throws IOException {
		out.writeInt(entries.size());
		for (PresenceMessage.Entry entry : entries) {
			out.writeByte(entry.kind().ordinal());
			write(out, entry.name().getBytes(StandardCharsets.UTF_8));
			BrokerPayload data = entry.data();
			if (data != null) {
				out.writeLong(entry.clock());
				out.writeLong(entry.setter());
				out.writeBoolean(data.binary());
				write(out, data.bytes());
			}
		}
	}

	private static void write(DataOutputStream out, byte[] bytes) throws IOException {
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	@Override
	public PresenceMessage decode(BrokerPayload payload) throws IOException {
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload.bytes()));
		int version = in.readUnsignedByte();
		int kind = in.readUnsignedByte();
		if (version != VERSION || kind > STATE) {
			throw new IOException("Not a message that this version knows: " + version + ", " + kind);
		}
		long node = in.readLong();
		return switch (kind) {
			case BEAT -> new PresenceMessage.Beat(node);
			case ASK -> new PresenceMessage.Ask(node);
			case CHANGES -> new PresenceMessage.Changes(node, readEntries(in));
			default -> {
				long number = in.readLong();
				int flags = in.readUnsignedByte();
				yield new PresenceMessage.State(node, number, (flags & FIRST) != 0, (flags & LAST) != 0,
						readEntries(in));
			}
		};
	}

	private static List<PresenceMessage.Entry> readEntries(DataInputStream in) throws IOException {
		int count = in.readInt();
		List<PresenceMessage.Entry> entries = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int kind = in.readUnsignedByte();
			if (kind >= PresenceMessage.Kind.values().length) {
				throw new IOException("Not an entry that this version knows: " + kind);
			}
			entries.add(readEntry(in, PresenceMessage.Kind.values()[kind]));
		}
		return entries;
	}

	private static PresenceMessage.Entry readEntry(DataInputStream in, PresenceMessage.Kind kind) throws IOException {
		String name = new String(read(in), StandardCharsets.UTF_8);
		if (kind == PresenceMessage.Kind.GONE) {
			return PresenceMessage.Entry.gone(name);
		}
		long clock = in.readLong();
		long setter = in.readLong();
		boolean binary = in.readBoolean();
		return new PresenceMessage.Entry(kind, name, clock, setter, new BrokerPayload(read(in), binary));
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
