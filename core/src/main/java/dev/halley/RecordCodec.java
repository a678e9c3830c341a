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
import java.time.Duration;

import dev.halley.hub.broker.BrokerPayload;

/**
 * The {@linkplain NodeForm form} of {@link RecordMessage}s: the parts in their order,
 * times in milliseconds. The bytes of an item are all that is left.
 */
final class RecordCodec {

	/** What an item has beside its payload. */
	static final int OVERHEAD = 16;

	private static final int CLAIM = 0;

	private static final int ITEM = 1;

	private static final int END = 2;

	private static final int STOP = 3;

	private static final int READING = 4;

	private static final int FORGOTTEN = 5;

	private RecordCodec() {
	}

	static BrokerPayload encode(RecordMessage message) {
		if (message instanceof RecordMessage.Claim claim) {
			return NodeForm.encode(CLAIM, (out) -> write(out, claim));
		}
		if (message instanceof RecordMessage.Item item) {
			return NodeForm.encode(ITEM, (out) -> {
				out.writeLong(item.id());
				out.writeInt(item.index());
				out.writeBoolean(item.payload().binary());
				out.write(item.payload().bytes());
			});
		}
		if (message instanceof RecordMessage.End end) {
			return NodeForm.encode(END, (out) -> {
				out.writeLong(end.id());
				out.writeByte(end.kind().ordinal());
				NodeForm.write(out, end.detail());
			});
		}
		if (message instanceof RecordMessage.Stop stop) {
			return NodeForm.encode(STOP, (out) -> out.writeLong(stop.id()));
		}
		if (message instanceof RecordMessage.Reading reading) {
			return NodeForm.encode(READING, (out) -> {
				out.writeLong(reading.node());
				out.writeLong(reading.id());
				out.writeBoolean(reading.reading());
			});
		}
		RecordMessage.Forgotten forgotten = (RecordMessage.Forgotten) message;
		return NodeForm.encode(FORGOTTEN, (out) -> out.writeLong(forgotten.id()));
	}

	private static void write(DataOutputStream out, RecordMessage.Claim claim) throws IOException {
		out.writeLong(claim.node());
		out.writeLong(claim.id());
		out.writeLong(claim.after());
		Recording recording = claim.recording();
		Duration abandonAfter = recording.abandonAfter();
		out.writeLong(recording.keep().toMillis());
		out.writeInt(recording.messages());
		out.writeLong(recording.bytes());
		out.writeLong((abandonAfter != null) ? Math.max(1, abandonAfter.toMillis()) : 0);
	}

	static RecordMessage decode(BrokerPayload payload) throws IOException {
		return NodeForm.decode(payload, FORGOTTEN, RecordCodec::read);
	}

	private static RecordMessage read(int kind, DataInputStream in) throws IOException {
		return switch (kind) {
			case CLAIM -> new RecordMessage.Claim(in.readLong(), in.readLong(), in.readLong(), readRecording(in));
			case ITEM -> readItem(in);
			case END -> readEnd(in);
			case STOP -> new RecordMessage.Stop(in.readLong());
			case READING -> new RecordMessage.Reading(in.readLong(), in.readLong(), in.readBoolean());
			default -> new RecordMessage.Forgotten(in.readLong());
		};
	}

	private static Recording readRecording(DataInputStream in) throws IOException {
		long keep = in.readLong();
		int messages = in.readInt();
		long bytes = in.readLong();
		long abandonAfter = in.readLong();
		try {
			return new Recording(Duration.ofMillis(keep), messages, bytes,
					(abandonAfter != 0) ? Duration.ofMillis(abandonAfter) : null);
		}
		catch (IllegalArgumentException ex) {
			throw new IOException("Not a recording", ex);
		}
	}

	private static RecordMessage.Item readItem(DataInputStream in) throws IOException {
		long id = in.readLong();
		int index = in.readInt();
		boolean binary = in.readBoolean();
		return new RecordMessage.Item(id, index, new BrokerPayload(in.readAllBytes(), binary));
	}

	private static RecordMessage.End readEnd(DataInputStream in) throws IOException {
		return new RecordMessage.End(in.readLong(), NodeForm.readOneOf(RecordMessage.Kind.values(), in),
				NodeForm.readText(in));
	}

}
