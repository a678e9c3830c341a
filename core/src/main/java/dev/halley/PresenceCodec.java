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
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.PayloadCodec;

/**
 * The {@linkplain NodeForm form} of {@link PresenceMessage}s: the node and, where there
 * are members, their number and each of them.
 */
final class PresenceCodec implements PayloadCodec {

	static final PresenceCodec INSTANCE = new PresenceCodec();

	/** What a message has at most beside its entries. */
	static final int OVERHEAD = 32;

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
	public BrokerPayload encode(Object message) {
		if (message instanceof PresenceMessage.Beat beat) {
			return NodeForm.encode(BEAT, (out) -> out.writeLong(beat.node()));
		}
		if (message instanceof PresenceMessage.Ask ask) {
			return NodeForm.encode(ASK, (out) -> out.writeLong(ask.node()));
		}
		if (message instanceof PresenceMessage.Changes changes) {
			return NodeForm.encode(CHANGES, (out) -> {
				out.writeLong(changes.node());
				write(out, changes.entries());
			});
		}
		PresenceMessage.State state = (PresenceMessage.State) message;
		return NodeForm.encode(STATE, (out) -> {
			out.writeLong(state.node());
			out.writeLong(state.number());
			out.writeByte((state.first() ? FIRST : 0) | (state.last() ? LAST : 0));
			write(out, state.entries());
		});
	}

	private static void write(DataOutputStream out, List<PresenceMessage.Entry> entries) throws IOException {
		out.writeInt(entries.size());
		for (PresenceMessage.Entry entry : entries) {
			out.writeByte(entry.kind().ordinal());
			NodeForm.write(out, entry.name());
			BrokerPayload data = entry.data();
			if (data != null) {
				out.writeLong(entry.clock());
				out.writeLong(entry.setter());
				out.writeBoolean(data.binary());
				NodeForm.write(out, data.bytes());
			}
		}
	}

	@Override
	public PresenceMessage decode(BrokerPayload payload) throws IOException {
		return NodeForm.decode(payload, STATE, PresenceCodec::read);
	}

	private static PresenceMessage read(int kind, DataInputStream in) throws IOException {
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
		int count = NodeForm.readCount(in);
		List<PresenceMessage.Entry> entries = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			entries.add(readEntry(in));
		}
		return entries;
	}

	private static PresenceMessage.Entry readEntry(DataInputStream in) throws IOException {
		PresenceMessage.Kind kind = NodeForm.readOneOf(PresenceMessage.Kind.values(), in);
		String name = NodeForm.readText(in);
		if (kind == PresenceMessage.Kind.GONE) {
			return PresenceMessage.Entry.gone(name);
		}
		long clock = in.readLong();
		long setter = in.readLong();
		boolean binary = in.readBoolean();
		return new PresenceMessage.Entry(kind, name, clock, setter, new BrokerPayload(NodeForm.readBytes(in), binary));
	}

	/** No connection gets these. */
	@Override
	public Object encoded(BrokerPayload payload) {
		return payload;
	}

}
